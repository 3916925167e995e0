const lookEveryMs = 250;

/**
 * Resolves when npm, which started this process, is gone. npm hands SIGTERM to its shell, which dies of it without
 * telling us: we would go on unseen. Never resolves for a process that npm did not start.
 */
export function whenNpmIsGone(env: Record<string, string | undefined>): Promise<void> {
  const parent = process.ppid;
  if (env.npm_lifecycle_event === undefined) return new Promise(() => {});
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, lookEveryMs);
    timer.unref();
  });
}
