/** What SNS posts to an HTTP subscriber (its own documented form). */
export interface SnsEnvelope {
  readonly Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string | undefined;
  readonly Message: string;
  readonly Timestamp: string;
  readonly SignatureVersion: '1' | '2';
  readonly Signature: string;
  readonly SigningCertURL: string;
  readonly SubscribeURL?: string | undefined;
  readonly Token?: string | undefined;
}

/** SignatureVersion 1 is a topic's default, 2 what AWS recommends. */
export const snsDigests = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

const signedMembers = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsEnvelope['Type'], readonly (keyof SnsEnvelope)[]>;

/** The text an SNS signature is made over: name and value of the signed members, a line each, absent ones left out. */
export function snsTextToSign(envelope: Omit<SnsEnvelope, 'Signature'>): string {
  return signedMembers[envelope.Type]
    .filter((name) => envelope[name] !== undefined)
    .map((name) => `${name}\n${envelope[name]}\n`)
    .join('');
}
