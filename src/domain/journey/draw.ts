/**
 * A participant's lot at a step: a whole number from 0 to 99, each as likely as the others. It depends on the entry and
 * the step alone, so that it is the same whoever asks and however often, and different steps are drawn independently.
 */
export function draw(entryId: string, step: string): number {
  return Math.floor((scramble(`${entryId}/${step}`) / 2 ** 32) * 100);
}

/** The place, counted from 0, of the branch that a lot falls to when branches take their shares of 100 in order. */
export function branchOfLot(lot: number, shares: readonly number[]): number {
  let end = 0;
  for (const [index, share] of shares.entries()) {
    end += share;
    if (lot < end) return index;
  }
  return shares.length - 1;
}

/** 32 bits that change throughout with any bit of the text: FNV-1a, finished as in MurmurHash3 (both public domain). */
function scramble(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
