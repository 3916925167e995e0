import type { MessageRequest } from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { testClient } from '../../support/api.ts';
import { simple, toAnn, useDirectMessages } from '../../support/directMessages.ts';
import { markAsSameCall, sendWithKey } from '../../support/sameCall.ts';

const { add, api, appId, database, enableSmsAndPush, mailbox, received, send } = useDirectMessages();

describe('the request as a whole', () => {
  test('no recipient, too many, an in-app template and a text that does not compile are 400s that say so', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 101 }, (_, n) => [`${n}@x.example`, { ChannelType: 'EMAIL' as const }]),
    );
    const refused: [MessageRequest, RegExp][] = [
      [{ MessageConfiguration: simple('Hi') }, /1 to 100 recipients; given 0/],
      [{ Addresses: many, MessageConfiguration: simple('Hi') }, /1 to 100 recipients; given 101/],
      [
        {
          Addresses: toAnn,
          MessageConfiguration: {},
          TemplateConfiguration: { InAppTemplate: { Name: 'x' } },
        },
        /InAppTemplate/,
      ],
      [{ Addresses: toAnn, MessageConfiguration: simple('{{#if}}') }, /EMAIL Subject: Parse error/],
    ];
    for (const [request, reason] of refused) await expect(send(request)).rejects.toThrow(reason);
    expect(await received()).toEqual([]);
  });

  test('a client’s retry of one call sends nothing twice and gets the first answer', async () => {
    const client = testClient(api.url);
    markAsSameCall(client, `retry-${appId()}`);
    const request = { Addresses: toAnn, MessageConfiguration: simple('Once') };
    const [first, beside] = await Promise.all([send(request, client), send(request, client)]);
    const again = await send(request, client);
    const id = first?.Result?.['ann@example.com']?.MessageId;
    expect(id).toBeDefined();
    for (const answer of [beside, again]) expect(answer?.Result?.['ann@example.com']?.MessageId).toBe(id);
    expect(await received()).toHaveLength(1);
    await send({ ...request, MessageConfiguration: simple('Another') }, client);
    expect(await received()).toHaveLength(2);
    client.destroy();
  });

  test('a key of the caller’s own wins over the SDK’s: one message, the first answer, and no other body', async () => {
    const client = testClient(api.url);
    sendWithKey(client, `order-${appId()}`);
    const request = { Addresses: toAnn, MessageConfiguration: simple('Once') };
    const first = await send(request, client);
    const { MessageConfiguration, Addresses } = request;
    expect((await send({ MessageConfiguration, Addresses }, client))?.Result).toEqual(first?.Result);
    const another = { ...request, MessageConfiguration: simple('Another') };
    await expect(send(another, client)).rejects.toMatchObject({ name: 'ConflictException' });
    expect(await received()).toHaveLength(1);
    client.destroy();
  });

  test('Context comes back with a message’s events and goes to the device with a push; a recipient’s own wins', async () => {
    await enableSmsAndPush();
    const own = { ChannelType: 'EMAIL' as const, Context: { order: '2', coupon: 'X' } };
    const Addresses = { 'ann@example.com': own, token: { ChannelType: 'GCM' as const } };
    const DefaultMessage = { Body: 'Hi' };
    const request = {
      Addresses,
      MessageConfiguration: { DefaultMessage },
      Context: { order: '1', shop: 's' },
    };
    await send(request);
    const byTo = new Map((await received()).map((message) => [message.to, message]));
    expect(byTo.get('token')?.tags).toMatchObject({ order: '1', shop: 's', repoint_app: appId() });
    await mailbox.play(byTo.get('ann@example.com')?.id ?? '', 'open');
    const events = database.db.selectFrom('event').select('attributes').where('app_id', '=', appId());
    const opened = await events.where('type', '=', '_email.open').executeTakeFirst();
    const context = { order: '2', coupon: 'X', shop: 's' };
    expect(opened?.attributes).toMatchObject({ ...context, feedback: 'opened' });
    expect(JSON.parse(opened?.attributes.customer_context ?? '')).toEqual(context);
  });

  test('a Context that is too long is a 400 that names whose it is', async () => {
    const long = { ChannelType: 'EMAIL' as const, Context: { a: 'x'.repeat(4000) } };
    const sending = send({ Addresses: { 'ann@example.com': long }, MessageConfiguration: simple('Hi') });
    await expect(sending).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(/Addresses\.ann@example\.com\.Context.*4000.*given 4008/),
    });
  });

  test('every message is in the ledger, and the provider’s report settles it', async () => {
    await send({ Addresses: toAnn, MessageConfiguration: simple('Hi') });
    const [message] = await received();
    await mailbox.play(message?.id ?? '', 'delivery');
    const rows = await database.db.selectFrom('message').selectAll().where('app_id', '=', appId()).execute();
    expect(rows).toMatchObject([
      {
        owner_kind: 'request',
        step: 'send',
        recipient: 'ann@example.com',
        class: 'transactional',
        state: 'delivered',
      },
    ]);
  });
});

describe('each recipient has an answer of its own', () => {
  test('opted out, inactive, doubled, unknown, channel off, no message: one request, nobody else is touched', async () => {
    await add('out', { optOut: 'ALL' });
    await add('off', { status: 'INACTIVE' });
    await add('double', { address: 'ANN@example.com' });
    const tooLong = `${'é'.repeat(1000)}@`;
    const response = await send({
      Addresses: {
        ...toAnn,
        '+15550101': { ChannelType: 'SMS' },
        '+15550102': { ChannelType: 'VOICE' },
        nothing: {},
        ' ': { ChannelType: 'EMAIL' },
        [tooLong]: { ChannelType: 'EMAIL' },
      },
      Endpoints: { out: {}, off: {}, double: {}, missing: {} },
      MessageConfiguration: { ...simple('Hi'), SMSMessage: { Body: 'Hi' } },
    });
    const status = (
      result: { DeliveryStatus?: string; StatusCode?: number; StatusMessage?: string } | undefined,
    ) => [result?.DeliveryStatus, result?.StatusCode, result?.StatusMessage];
    const { Result, EndpointResult } = response ?? {};
    expect(Result?.['ann@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(status(Result?.['+15550101'])).toEqual([
      'PERMANENT_FAILURE',
      400,
      expect.stringMatching(/SMS channel .* not enabled/),
    ]);
    expect(status(Result?.['+15550102'])).toEqual(['PERMANENT_FAILURE', 400, expect.stringMatching(/VOICE/)]);
    expect(status(Result?.nothing)).toEqual(['PERMANENT_FAILURE', 400, expect.stringMatching(/ChannelType/)]);
    expect(status(Result?.[' '])).toEqual(['PERMANENT_FAILURE', 400, 'The address is empty']);
    expect(status(Result?.[tooLong])).toEqual([
      'PERMANENT_FAILURE',
      400,
      expect.stringMatching(/2000 bytes/),
    ]);
    expect(status(EndpointResult?.out)).toEqual(['OPT_OUT', 400, expect.stringMatching(/opted out/)]);
    expect(status(EndpointResult?.off)).toEqual(['OPT_OUT', 400, expect.stringMatching(/inactive/)]);
    expect(status(EndpointResult?.double)).toEqual(['DUPLICATE', 400, expect.any(String)]);
    expect(status(EndpointResult?.missing)).toEqual(['PERMANENT_FAILURE', 404, expect.any(String)]);
    expect((await received()).map(({ to }) => to)).toEqual(['ann@example.com']);
  });

  test('what the provider says is told: throttled, refused, unknown', async () => {
    const answers = { throttled: 429, refused: 400, unknown: 500 } as const;
    mailbox.inject(({ message }) => {
      const status = answers[message.to.split('@')[0] as keyof typeof answers];
      if (status === undefined) return undefined;
      const code = status === 429 ? 'TooManyRequestsException' : 'MessageRejected';
      return { kind: 'status', status, code };
    });
    const Addresses = Object.fromEntries(
      ['throttled', 'refused', 'unknown', 'fine'].map((name) => [
        `${name}@x.example`,
        { ChannelType: 'EMAIL' as const },
      ]),
    );
    const response = await send({ Addresses, MessageConfiguration: simple('Hi') });
    const statuses = Object.entries(response?.Result ?? {}).map(([to, one]) => [
      to.split('@')[0],
      one.DeliveryStatus,
      one.StatusCode,
    ]);
    expect(Object.fromEntries(statuses.map(([to, ...rest]) => [to, rest]))).toEqual({
      throttled: ['THROTTLED', 429],
      refused: ['PERMANENT_FAILURE', 400],
      unknown: ['UNKNOWN_FAILURE', 500],
      fine: ['SUCCESSFUL', 200],
    });
  });

  test('a template that is missing or cannot be rendered fails those it is for, with the reason', async () => {
    const missing = await send({
      Addresses: toAnn,
      MessageConfiguration: {},
      TemplateConfiguration: { EmailTemplate: { Name: 'nowhere', Version: '3' } },
    });
    expect(missing?.Result?.['ann@example.com']).toMatchObject({
      DeliveryStatus: 'PERMANENT_FAILURE',
      StatusMessage: 'There is no EMAIL template nowhere, version 3',
    });
    const poison = await send({ Addresses: toAnn, MessageConfiguration: simple('{{divide 1 0}}') });
    expect(poison?.Result?.['ann@example.com']?.StatusMessage).toMatch(/divide/);
  });
});
