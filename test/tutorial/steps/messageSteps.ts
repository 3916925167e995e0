import { expect, it } from 'vitest';
import { tutorial } from '../../support/tutorial.ts';
import { received, type TutorialScene } from './scene.ts';

/** Messages without a campaign, and what people do. */
export function messageSteps(scene: TutorialScene): void {
  const { call } = scene;

  it('step 7: a message to an address and messages to endpoints, each with its own result', async () => {
    const printed = await call('SendMessages', {
      ApplicationId: scene.ApplicationId,
      MessageRequest: tutorial('07-send-messages'),
    });
    expect(printed.MessageResponse).toMatchObject({
      ApplicationId: scene.ApplicationId,
      Result: { 'user@example.com': { DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 } },
    });
    expect(await received(scene, { to: 'user@example.com' })).toMatchObject([
      {
        channel: 'EMAIL',
        from: 'notifications@yourapp.com',
        subject: 'Your password has been reset',
        text: 'Your password was successfully reset.',
      },
    ]);
    const mixed = await call('SendMessages', {
      ApplicationId: scene.ApplicationId,
      MessageRequest: toEndpoints,
    });
    expect(mixed.MessageResponse?.EndpointResult).toMatchObject({
      'user201-email': { DeliveryStatus: 'SUCCESSFUL', Address: 'ada@example.com' },
      'user201-iphone': { DeliveryStatus: 'SUCCESSFUL', Address: 'device-token-ada' },
      'user203-sms': { DeliveryStatus: 'SUCCESSFUL', Address: '+12065550143' },
      'user203-email': { DeliveryStatus: 'OPT_OUT' },
      nobody: { DeliveryStatus: 'PERMANENT_FAILURE' },
    });
    const [email, push, sms] = await Promise.all(
      ['ada@example.com', 'device-token-ada', '+12065550143'].map((to) => received(scene, { to })),
    );
    expect(email?.at(-1)).toMatchObject({ channel: 'EMAIL', subject: 'Ada, your order 17' });
    expect(push).toMatchObject([{ channel: 'PUSH', title: 'Order 17', body: 'Ada, it is on its way' }]);
    expect(sms).toMatchObject([{ channel: 'SMS', body: 'Cleo: order 17 is on its way' }]);
  });

  it('step 8: events as printed, and with a new endpoint inside', async () => {
    const put = async (EventsRequest: ReturnType<typeof tutorial>) =>
      await call('PutEvents', { ApplicationId: scene.ApplicationId, EventsRequest });
    const accepted = { StatusCode: 202, Message: 'Accepted' };
    const printed = await put(tutorial('08-put-events'));
    expect(printed).toEqual({
      status: 202,
      EventsResponse: {
        Results: {
          'user123-iphone': {
            EndpointItemResponse: accepted,
            EventsItemResponse: { event1: accepted },
          },
        },
      },
    });
    const { Events } = tutorial('08-put-events').BatchItem['user123-iphone'];
    const Endpoint = { ChannelType: 'EMAIL', Address: 'new@example.com', User: { UserId: 'user204' } };
    await put({ BatchItem: { 'user204-email': { Endpoint, Events } } });
    const read = await call('GetEndpoint', {
      ApplicationId: scene.ApplicationId,
      EndpointId: 'user204-email',
    });
    expect(read.EndpointResponse).toMatchObject(Endpoint);
    const events = await scene.world.deps.db
      .selectFrom('event')
      .select(['endpoint_id', 'participant', 'attributes', 'metrics'])
      .where('app_id', '=', scene.ApplicationId)
      .where('type', '=', 'feature_used')
      .orderBy('id')
      .execute();
    const told = { attributes: { FeatureName: 'dashboard', Action: 'viewed' }, metrics: { Duration: 120 } };
    expect(events).toEqual([
      { endpoint_id: 'user123-iphone', participant: 'u:user123', ...told },
      { endpoint_id: 'user204-email', participant: 'u:user204', ...told },
    ]);
  });
}

/** One message a channel, for a person, for nobody, and for one who wants none. */
const toEndpoints = {
  Endpoints: {
    'user201-email': {},
    'user201-iphone': {},
    'user203-sms': {},
    'user203-email': {},
    nobody: {},
  },
  MessageConfiguration: {
    EmailMessage: {
      SimpleEmail: {
        Subject: { Data: '{{User.UserAttributes.FirstName}}, your order {{Order}}' },
        TextPart: { Data: 'It is on its way' },
      },
      Substitutions: { Order: ['17'] },
    },
    APNSMessage: {
      Title: 'Order {{Order}}',
      Body: '{{User.UserAttributes.FirstName}}, it is on its way',
      Substitutions: { Order: ['17'] },
    },
    SMSMessage: {
      Body: '{{User.UserAttributes.FirstName}}: order {{Order}} is on its way',
      MessageType: 'TRANSACTIONAL' as const,
      Substitutions: { Order: ['17'] },
    },
  },
};
