import type { MailboxMessage } from './message.ts';

export type SmsEvent = 'delivery' | 'bounce' | 'complaint' | 'reject';

const records: Record<SmsEvent, { type: string; status: string }> = {
  delivery: { type: '_SMS.SUCCESS', status: 'DELIVERED' },
  bounce: { type: '_SMS.FAILURE', status: 'UNREACHABLE' },
  reject: { type: '_SMS.FAILURE', status: 'BLOCKED' },
  complaint: { type: '_SMS.OPTOUT', status: 'OPTED_OUT' },
};

/** Whether an SMS can have such an event: nobody learns that one was opened. */
export function isSmsEvent(event: string): event is SmsEvent {
  return Object.hasOwn(records, event);
}

/** The record that Pinpoint's event stream holds of an SMS. */
export function smsRecord(message: MailboxMessage, event: SmsEvent, at: Date): object {
  const { type, status } = records[event];
  return {
    event_type: type,
    event_timestamp: at.getTime(),
    arrival_timestamp: at.getTime(),
    event_version: '3.1',
    application: { app_id: message.appId, sdk: {} },
    client: { client_id: message.endpointId ?? message.id },
    device: { platform: {} },
    session: {},
    attributes: {
      sender_request_id: message.id,
      message_id: message.id,
      destination_phone_number: message.to,
      message_type: 'Transactional',
      number_of_message_parts: '1',
      record_status: status,
      customer_context: JSON.stringify(message.tags),
    },
    metrics: { price_in_millicents_usd: 0 },
    awsAccountId: '000000000000',
  };
}
