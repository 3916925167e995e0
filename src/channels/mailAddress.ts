import { domainToASCII } from 'node:url';

/** A word takes 75 characters at most, 12 of them its frame: 45 bytes in base64 fit. */
const BYTES_PER_WORD = 45;

/**
 * An e-mail address, `a@example.com` or `Name <a@example.com>`, in the form that SES takes: 7-bit ASCII, the name in
 * encoded words (RFC 2047) and the domain in Punycode ("Sending raw email", SES developer guide). What is before the @ stays.
 */
export function asciiAddress(text: string): string {
  if (isAscii(text)) return text;
  const [, name = '', address = text] = /^(.*)<([^<>]*)>\s*$/.exec(text) ?? [];
  const ascii = address.replace(/(?<=@)[^@]+$/, (domain) => domainToASCII(domain) || domain).trim();
  return name.trim() === '' ? ascii : `${encodedWords(unquoted(name.trim()))} <${ascii}>`;
}

/** A header's text in 7-bit ASCII: as it is, or in encoded words (RFC 2047). */
export function encodedWords(text: string): string {
  if (isAscii(text)) return text;
  const words = [''];
  for (const character of text) {
    const word = `${words.at(-1)}${character}`;
    if (Buffer.byteLength(word) > BYTES_PER_WORD) words.push(character);
    else words.splice(-1, 1, word);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** A quoted name, `"Shop, Ltd."`, without its quotes: they frame it in a header and are no part of it. */
function unquoted(name: string): string {
  const [, inside] = /^"(.*)"$/.exec(name) ?? [];
  return inside?.replace(/\\(.)/g, '$1') ?? name;
}
