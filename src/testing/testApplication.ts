import {
  CreateAppCommand,
  type PinpointClient,
  UpdateApnsChannelCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';

/** Where a test's e-mails come from, unless a step says otherwise. */
const sender = 'sender@example.com';

/** An application whose channels for e-mail, SMS, APNs and FCM are open. Answers its id. */
export async function createTestApplication(client: PinpointClient): Promise<string> {
  const { ApplicationResponse: app } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'test' } }),
  );
  const ApplicationId = app?.Id ?? '';
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId,
      EmailChannelRequest: {
        FromAddress: sender,
        Identity: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
        Enabled: true,
      },
    }),
  );
  await client.send(
    new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { SenderId: 'Test', Enabled: true } }),
  );
  await client.send(
    new UpdateApnsChannelCommand({
      ApplicationId,
      APNSChannelRequest: { BundleId: 'com.example', Certificate: '-', PrivateKey: '-', Enabled: true },
    }),
  );
  await client.send(
    new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { ApiKey: '-', Enabled: true } }),
  );
  return ApplicationId;
}
