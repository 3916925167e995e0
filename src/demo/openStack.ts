import type { Config } from '../config.ts';
import { startStack } from '../dev/stack.ts';
import { readStackSettings } from '../dev/stackSettings.ts';
import { RepointError } from '../domain/errors.ts';
import { localUrl } from '../domain/localUrl.ts';

/** A stack to play on. */
export interface OpenStack {
  readonly config: Config;
  readonly apiUrl: string;
  readonly mailboxUrl: string;
  /** Whether the demo started it, and so may stop it. */
  readonly isOurs: boolean;
  /** Rejects when a part of it ended that should not have; never settles for one that ran already. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

export interface OpenOptions {
  readonly env: Record<string, string | undefined>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const lookTimeoutMs = 3000;

/**
 * The embedded stack that runs at the configured address, or else one started for the demo.
 * @throws RepointError Conflict when what runs there is not healthy or sends to real people
 */
export async function openStack(options: OpenOptions): Promise<OpenStack> {
  const { config } = readStackSettings(options.env);
  const apiUrl = localUrl(config.REPOINT_HOST, config.REPOINT_PORT);
  const mailboxUrl = localUrl(config.REPOINT_HOST, config.REPOINT_MAILBOX_PORT);
  const health = await readHealth(apiUrl);
  if (health === 'ok') {
    await requireMailbox(apiUrl, mailboxUrl);
    options.say(`Repoint runs already at ${apiUrl}; the demo plays there.`);
    const never = new Promise<never>(() => {});
    return { config, apiUrl, mailboxUrl, isOurs: false, ended: never, stop: async () => {} };
  }
  if (health !== undefined) {
    throw new RepointError(
      'Conflict',
      `What runs at ${apiUrl} says it is "${health}". Stop it, or see its logs.`,
    );
  }
  options.say('Starting Postgres, Temporal, mailbox, API and worker …');
  // the warnings of requests are part of the demo's own telling
  const stack = await startStack({ ...options, shown: 'error' });
  return { ...stack, isOurs: true };
}

/** What a Repoint at this address says of itself; undefined when there is none. */
async function readHealth(apiUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${apiUrl}/healthz`, { signal: AbortSignal.timeout(lookTimeoutMs) });
    const { status } = (await response.json()) as { status?: unknown };
    return typeof status === 'string' ? status : undefined;
  } catch {
    return undefined;
  }
}

async function requireMailbox(apiUrl: string, mailboxUrl: string): Promise<void> {
  if ((await readHealth(mailboxUrl)) === 'ok') return;
  throw new RepointError(
    'Conflict',
    `Repoint runs at ${apiUrl}, but no mailbox at ${mailboxUrl}: the demo needs one to look into. ` +
      'Stop it and run the demo again, or set REPOINT_PORT and REPOINT_DATA_DIR to have a second stack.',
  );
}
