import { createServer } from 'node:net';
import { RepointError } from '../domain/errors.ts';

/** A port that somebody is about to listen on, and the setting that moves it. */
export interface WantedPort {
  readonly port: number;
  readonly host: string;
  readonly setting: string;
  readonly what: string;
}

/**
 * Checks every port before anything starts.
 * @throws RepointError Conflict naming each port that is taken, what for, and the setting to change
 */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const checked = await Promise.all(wanted.map(async (one) => ({ one, problem: await whyNot(one) })));
  const problems = checked.flatMap(({ one, problem }) =>
    problem === null
      ? []
      : [`port ${one.port} for ${one.what} ${problem} (set ${one.setting} to another port)`],
  );
  const doubles = wanted.filter(
    (one, at) => one.port !== 0 && wanted.findIndex((w) => w.port === one.port) < at,
  );
  problems.push(...doubles.map((one) => `${one.setting} names port ${one.port} a second time`));
  if (problems.length > 0) throw new RepointError('Conflict', `Cannot start: ${problems.join('; ')}.`);
}

/** A port that is free now, chosen by the system. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

function whyNot({ port, host }: WantedPort): Promise<string | null> {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is in use by another program',
    EACCES: 'may not be used by this user',
    EADDRNOTAVAIL: `cannot be opened on ${host}`,
  };
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(reasons[error.code ?? ''] ?? `cannot be opened: ${error.message}`),
    );
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
