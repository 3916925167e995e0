/** "Required AWS End User Messaging SMS opt-out list keywords" in its user guide, and STOPALL, which carriers take too. */
const stopping = new Set([
  'ARRET',
  'CANCEL',
  'END',
  'OPT-OUT',
  'OPTOUT',
  'QUIT',
  'REMOVE',
  'STOP',
  'STOPALL',
  'TD',
  'UNSUBSCRIBE',
]);
const starting = new Set(['START', 'UNSTOP']);

/** What a reply that is a keyword, and nothing else, asks for; null where it is none. */
export function keywordOf(text: string): 'stop' | 'start' | null {
  const word = text.replace(/^[\s"'.!]+|[\s"'.!]+$/g, '').toUpperCase();
  if (stopping.has(word)) return 'stop';
  return starting.has(word) ? 'start' : null;
}
