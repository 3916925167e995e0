/** As much of ASN.1's DER as a self-signed certificate needs. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

export const sequence = (...parts: readonly Uint8Array[]) => element(0x30, ...parts);
export const setOf = (...parts: readonly Uint8Array[]) => element(0x31, ...parts);
export const nothing = () => element(0x05);
export const utf8 = (text: string) => element(0x0c, Buffer.from(text));
/** Bytes that are a whole number of octets. */
export const bitString = (bytes: Uint8Array) => element(0x03, Buffer.from([0]), bytes);
/** Big-endian bytes of a positive number whose first bit is 0. */
export const positiveInteger = (bytes: Uint8Array) => element(0x02, bytes);
/** The body of an object identifier, already encoded, in hex. */
export const objectIdentifier = (hex: string) => element(0x06, Buffer.from(hex, 'hex'));
/** GeneralizedTime, whole seconds. */
export const time = (at: Date) =>
  element(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
/** Explicit context tag 0, where X.509 keeps its version. */
export const version = (...parts: readonly Uint8Array[]) => element(0xa0, ...parts);
