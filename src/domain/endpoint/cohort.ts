/** The endpoint's cohort, 0 to 99: the same for an id for ever, about one in a hundred ids in each (FNV-1a, 32 bits). */
export function cohortOf(endpointId: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(endpointId)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  // FNV's low bits of similar ids are similar; mix the high ones in.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) % 100;
}
