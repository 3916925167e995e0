const capacityBytes = 2048;

/**
 * Warnings as one header value: `first | second`. Headers carry ASCII only, so everything else and `%` itself
 * are percent-encoded; what does not fit is counted.
 */
export function warningsHeader(warnings: readonly string[]): string {
  let header = '';
  for (const [index, warning] of warnings.entries()) {
    const next = header === '' ? encode(warning) : `${header} | ${encode(warning)}`;
    if (next.length > capacityBytes) return withCount(header, warnings.length - index);
    header = next;
  }
  return header;
}

function withCount(header: string, left: number): string {
  return header === '' ? `${left} warnings, too long for a header` : `${header} | and ${left} more`;
}

function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x7e]|[%|]/gu, encodeURIComponent);
}
