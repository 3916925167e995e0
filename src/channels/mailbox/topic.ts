import { randomUUID, sign } from 'node:crypto';
import { type SnsEnvelope, snsDigests, snsTextToSign } from '../../domain/snsEnvelope.ts';
import type { SigningKey } from './signingKey.ts';

/** The topic of the mailbox's notifications: no AWS account has this number. */
export const mailboxTopicArn = 'arn:aws:sns:us-east-1:000000000000:repoint-mailbox';

/** Where the mailbox serves its certificate. */
export const certificatePath = '/sns.pem';

/** An SNS notification, signed as SNS signs. */
export function sealNotification(
  message: object,
  key: SigningKey,
  mailboxUrl: string,
  signatureVersion: SnsEnvelope['SignatureVersion'] = '2',
): SnsEnvelope {
  const unsigned = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: mailboxTopicArn,
    Message: JSON.stringify(message),
    Timestamp: new Date().toISOString(),
    SignatureVersion: signatureVersion,
    SigningCertURL: `${mailboxUrl}${certificatePath}`,
  } as const;
  const digest = snsDigests[signatureVersion];
  const signature = sign(digest, Buffer.from(snsTextToSign(unsigned)), key.privateKey);
  return { ...unsigned, Signature: signature.toString('base64') };
}
