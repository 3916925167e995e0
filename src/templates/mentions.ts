/**
 * Whether a word stands anywhere in the texts of a template's content. True also where it is no variable: this only saves
 * looking up what nobody asks for.
 */
export function mentions(content: unknown, word: string): boolean {
  if (typeof content === 'string') return content.includes(word);
  if (typeof content !== 'object' || content === null) return false;
  return Object.values(content).some((part) => mentions(part, word));
}
