/** What a raw e-mail (MIME) shows: its subject and its first text and HTML parts. */
export interface Mail {
  readonly subject: string | null;
  readonly from: string | null;
  readonly text: string | null;
  readonly html: string | null;
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Reads a raw e-mail well enough to show it; what it cannot read stays in `text` as it came. */
export function readMail(data: Uint8Array): Mail {
  const whole = split(Buffer.from(data).toString('latin1'));
  const parts = leaves(whole, 0);
  const find = (type: string) => parts.find((part) => typeOf(part) === type);
  const [text, html] = [find('text/plain'), find('text/html')];
  const shown = text ?? (html === undefined ? parts[0] : undefined);
  return {
    subject: shownHeader(whole, 'subject'),
    from: shownHeader(whole, 'from'),
    text: shown === undefined ? null : decoded(shown),
    html: html === undefined ? null : decoded(html),
  };
}

function split(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end === null ? source : source.slice(0, end.index);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end === null ? '' : source.slice(end.index + end[0].length) };
}

function leaves(part: Part, depth: number): Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(part.headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined || depth > 5) return [part];
  return part.body
    .split(`--${boundary}`)
    .slice(1)
    .filter((section) => !section.startsWith('--'))
    .flatMap((section) => leaves(split(section.replace(/^\r?\n/, '')), depth + 1));
}

function typeOf(part: Part): string {
  return (part.headers.get('content-type') ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function decoded(part: Part): string {
  const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase();
  const body = part.body.replace(/\r?\n$/, '');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return quotedPrintable(body.replace(/=\r?\n/g, ''));
  return Buffer.from(body, 'latin1').toString('utf8');
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function shownHeader({ headers }: Part, name: string): string | null {
  const header = headers.get(name);
  return header === undefined ? null : words(header);
}

/** A header with RFC 2047 encoded words; what stands between two of them is no part of it. */
export function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
}
