/** A part of the system that must work for `/healthz` to say so; it rejects when it does not. */
export type HealthCheck = () => Promise<void>;
export type HealthChecks = Readonly<Record<string, HealthCheck>>;

/** The names of the checks that failed or took longer than `timeoutMs`. */
export async function failingChecks(checks: HealthChecks, timeoutMs = 2000): Promise<string[]> {
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
