/** Somebody in the demo, and what it is about them. */
export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly role: string;
}

/** The tutorial's user: made with the tutorial's own requests. */
export const opener: Person = { name: 'user123', userId: 'user123', role: 'opens the welcome e-mail' };
export const silent: Person = { name: 'Ada', userId: 'user124', role: 'opens nothing' };
export const optedOut: Person = { name: 'Cleo', userId: 'user125', role: 'is opted out of everything' };
export const people: readonly Person[] = [opener, silent, optedOut];

/** The phone that the push should reach. */
export const silentPhone = `${silent.userId}-iphone`;

/** The two that are imported, one endpoint a line, as an import job reads them. */
export function peopleToImport(): string {
  return [...endpointsOf(silent, 'NONE'), ...endpointsOf(optedOut, 'ALL')]
    .map((endpoint) => `${JSON.stringify(endpoint)}\n`)
    .join('');
}

export const peopleImported = 4;

function endpointsOf({ name, userId }: Person, OptOut: 'NONE' | 'ALL'): object[] {
  const word = name.toLowerCase();
  const User = { UserId: userId, UserAttributes: { Plan: ['premium'], FirstName: [name] } };
  return [
    { Id: `${userId}-email`, ChannelType: 'EMAIL', Address: `${word}@example.com`, OptOut, User },
    { Id: `${userId}-iphone`, ChannelType: 'APNS', Address: `device-token-${word}`, OptOut, User },
  ];
}
