import {
  type EmailContent,
  type MessageHeader,
  type MessageTag,
  type SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { emailTags } from '../domain/messageTags.ts';
import { present } from '../domain/present.ts';
import type { OutgoingEmail, SendOutcome } from './channel.ts';
import { asciiAddress, encodedWords } from './mailAddress.ts';
import { othersIdentity } from './othersIdentity.ts';
import { callProvider } from './providerCall.ts';

/** Sends one e-mail by SES v2 `SendEmail`. Never throws: see `SendOutcome`. */
export async function sendEmail(
  client: SESv2Client,
  message: OutgoingEmail,
  { accountId, timeoutMs }: { readonly accountId: string; readonly timeoutMs?: number | undefined },
): Promise<SendOutcome> {
  const command = new SendEmailCommand(emailRequest(message, accountId));
  const result = await callProvider(command, (sent, options) => client.send(sent, options), timeoutMs);
  if (result.kind !== 'answered') return result;
  const providerMessageId = result.answer.MessageId;
  if (providerMessageId === undefined) return { kind: 'unknown', reason: 'answer without a message id' };
  return { kind: 'accepted', providerMessageId };
}

/**
 * The request of one message; absent settings stay absent so that SES's account defaults apply.
 * @param accountId the account that sends
 */
export function emailRequest(message: OutgoingEmail, accountId: string): SendEmailCommandInput {
  const from = asciiAddress(message.from);
  return {
    FromEmailAddress: from,
    ...present({ FromEmailAddressIdentityArn: othersIdentity({ ...message, from }, accountId) }),
    Destination: { ToAddresses: [asciiAddress(message.to)] },
    ...(message.replyTo?.length ? { ReplyToAddresses: message.replyTo.map(asciiAddress) } : {}),
    ...(message.feedbackForwardingAddress
      ? { FeedbackForwardingEmailAddress: asciiAddress(message.feedbackForwardingAddress) }
      : {}),
    ...(message.configurationSet ? { ConfigurationSetName: message.configurationSet } : {}),
    EmailTags: tagsOf(message),
    Content: contentOf(message.content),
  };
}

function contentOf(content: OutgoingEmail['content']): EmailContent {
  if (content.kind === 'raw') return { Raw: { Data: content.data } };
  const part = (text: string) => ({ Data: text, Charset: 'UTF-8' });
  return {
    Simple: {
      Subject: part(content.subject),
      Body: {
        // beside a text an empty HTML part would be shown, and be blank
        ...(content.html ? { Html: part(content.html) } : {}),
        ...(content.text ? { Text: part(content.text) } : {}),
      },
      ...(content.headers?.length ? { Headers: content.headers.map(asciiHeader) } : {}),
    },
  };
}

/** SES takes printable ASCII (API reference, MessageHeader); a subject it encodes itself, by its Charset. */
function asciiHeader({ Name, Value }: { readonly Name: string; readonly Value: string }): MessageHeader {
  return { Name, Value: encodedWords(Value) };
}

function tagsOf(message: OutgoingEmail): MessageTag[] {
  const ids = { ...message.origin, messageId: message.messageId, appId: message.appId };
  return Object.entries(emailTags).flatMap(([key, name]) => {
    const value = ids[key as keyof typeof ids];
    return value ? [{ Name: name, Value: tagValue(value) }] : [];
  });
}

/** SES takes letters, digits, `_` and `-`, at most 256 of them, as a tag's value. */
function tagValue(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 256);
}
