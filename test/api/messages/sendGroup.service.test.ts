import { SendMessagesCommand, UpdateEmailChannelCommand } from '@aws-sdk/client-pinpoint';
import { expect, test } from 'vitest';
import { createSender } from '../../../src/channels/createSender.ts';
import { createLog } from '../../../src/log.ts';
import { createApp, useApi } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';
import { useMailbox } from '../../support/mailbox.ts';

const database = useDatabase();
const mailbox = useMailbox();
const api = useApi(database, () => {
  // no turn is waited for: of what is asked at once some is throttled
  const config = { ...mailbox.config, REPOINT_SEND_WAIT_SECONDS: 0, REPOINT_EMAIL_PER_SECOND: 1 };
  return { deps: { config, sender: createSender(config, createLog('silent')) } };
});

test('who has no turn takes no number: the messages of a request are counted from 1', async () => {
  const ApplicationId = await createApp(api.client);
  const Identity = 'arn:aws:ses:us-east-1:000000000000:identity/example.com';
  const EmailChannelRequest = { FromAddress: 'us@example.com', Identity, Enabled: true };
  await api.client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  const everybody = Array.from({ length: 5 }, (_, n) => `person${n}@example.com`);
  const SimpleEmail = { Subject: { Data: 'Hi' }, TextPart: { Data: 'Hi' } };
  const { MessageResponse } = await api.client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Addresses: Object.fromEntries(everybody.map((to) => [to, { ChannelType: 'EMAIL' }])),
        MessageConfiguration: { EmailMessage: { SimpleEmail } },
      },
    }),
  );
  const statuses = Object.values(MessageResponse?.Result ?? {}).map((one) => one.DeliveryStatus);
  const sent = statuses.filter((status) => status === 'SUCCESSFUL').length;
  expect(statuses).toContain('THROTTLED');
  expect(sent).toBeGreaterThan(0);
  const rows = await database.db.selectFrom('message').select('seq').orderBy('seq').execute();
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
});
