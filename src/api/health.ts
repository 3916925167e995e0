/** A part of the system that must work for `/healthz` to say so; it rejects when it does not. */
export type HealthCheck = () => Promise<void>;
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** What `GET /healthz` answers, here and in a worker. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body:
    | { readonly status: 'ok' }
    | { readonly status: 'failing'; readonly failing: readonly string[] };
}

/** Asks every check, and answers 503 with the names of those that failed. */
export async function healthAnswer(checks: HealthChecks): Promise<HealthAnswer> {
  const failing = await failingChecks(checks);
  return failing.length === 0
    ? { status: 200, body: { status: 'ok' } }
    : { status: 503, body: { status: 'failing', failing } };
}

/** The names of the checks that failed or took longer than `timeoutMs`. */
async function failingChecks(checks: HealthChecks, timeoutMs = 2000): Promise<string[]> {
  const names = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await passes(check, timeoutMs)) ? [] : [name])),
  );
  return names.flat();
}

async function passes(check: HealthCheck, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  check().then(
    () => resolve(true),
    () => resolve(false),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
