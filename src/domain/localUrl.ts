const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Whether a server that listens there is reached by every address of its machine. */
export function isEveryAddress(host: string): boolean {
  return everyAddress.has(host);
}

/** Where a client on the same machine reaches a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  const name = isEveryAddress(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
