import {
  CreateCampaignCommand,
  CreateEmailTemplateCommand,
  GetEndpointCommand,
  SendMessagesCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, expect, it } from 'vitest';
import { createTemplates, day, hour, type Onboarding, putUser } from '../../support/onboarding.ts';
import { ofWelcome, publishSteps, recorded, welcome } from '../../support/splits.ts';
import { useWorld } from '../../support/world.ts';

const publicUrl = 'https://mail.example';
let shop: Onboarding;
const world = useWorld({
  settings: { REPOINT_PUBLIC_URL: publicUrl, REPOINT_UNSUBSCRIBE_KEYS: 'a secret of these tests' },
});
beforeAll(async () => {
  await createTemplates(world);
  await world.client.send(
    new CreateEmailTemplateCommand({
      TemplateName: 'leaving',
      EmailTemplateRequest: { Subject: 'Tips', HtmlPart: '<a href="{{repoint.unsubscribeUrl}}">no more</a>' },
    }),
  );
  const split = { Conditions: [ofWelcome('_email.unsubscribe')], Operator: 'ANY' as const };
  shop = await publishSteps(world, {
    Welcome: { EMAIL: { TemplateName: 'leaving', NextActivity: 'Gone' } },
    Gone: {
      ConditionalSplit: {
        Condition: split,
        EvaluationWaitTime: { WaitFor: 'P1D' },
        TrueActivity: 'Sorry',
        FalseActivity: 'More',
      },
    },
    Sorry: welcome(),
    More: welcome(),
  });
});

const optOutOf = async (endpoint: string) => {
  const found = await world.client.send(
    new GetEndpointCommand({ ApplicationId: shop.appId, EndpointId: endpoint }),
  );
  return found.EndpointResponse?.OptOut;
};

async function mailTo(user: string) {
  const [mail] = await world.mailbox.messages({ to: `${user}@example.com` });
  const link = /href="([^"]+)"/.exec(mail?.html ?? '')?.[1] ?? '';
  return { mail, link, here: link.replace(publicUrl, world.url) };
}

const oneClick = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
/** The form's other shape that RFC 8058 allows. */
const inParts = new FormData();
inParts.set('List-Unsubscribe', 'One-Click');

async function unsubscribesOf(endpoint: string): Promise<number> {
  const rows = await world.deps.db
    .selectFrom('event')
    .select('message_owner')
    .where('app_id', '=', shop.appId)
    .where('endpoint_id', '=', endpoint)
    .where('type', '=', '_email.unsubscribe')
    .where('message_owner', 'is not', null)
    .execute();
  return rows.length;
}

it('a journey’s e-mail has the link and the headers; looking changes nothing, one click opts out and the split sees it', async () => {
  await putUser(world, shop.appId, 'ann');
  await world.settle();
  const { mail, link, here } = await mailTo('ann');
  expect(mail?.headers).toEqual({
    'List-Unsubscribe': `<${link}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  });
  const page = await fetch(here);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).toContain('<form method="post"><button name="answer" value="unsubscribe">');
  for (const body of [undefined, 'List-Unsubscribe=one', new URLSearchParams({ answer: 'no' }), '{}'])
    expect((await fetch(here, { method: 'POST', body })).status).toBe(400);
  expect((await fetch(here, { method: 'HEAD' })).status).toBe(200);
  expect(await optOutOf('ann-email')).toBe('NONE');

  await world.advance(hour);
  for (const click of [oneClick, { method: 'POST', body: inParts }])
    expect((await fetch(here, click)).status).toBe(200);
  expect([await optOutOf('ann-email'), await unsubscribesOf('ann-email')]).toEqual(['ALL', 1]);
  await world.settle();
  const { steps } = await recorded(world, shop);
  expect(steps.map(({ step, decision, reason }) => [step, decision, reason])).toEqual([
    ['Welcome', 'sent', null],
    ['Gone', 'yes', expect.stringContaining('_email.unsubscribe of Welcome')],
    ['Sorry', 'skipped', 'ENDPOINT_OPT_OUT'],
  ]);
  await world.advance(2 * day);
});

it('SendMessages to an endpoint has the link too, and no header: it is asked for; whoever moved is opted out all the same', async () => {
  const endpoint = { Address: 'bob@example.com', ChannelType: 'EMAIL' } as const;
  const put = (Address: string) =>
    world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: shop.appId,
        EndpointId: 'bob',
        EndpointRequest: { ...endpoint, Address },
      }),
    );
  await put('bob@example.com');
  const sent = await world.client.send(
    new SendMessagesCommand({
      ApplicationId: shop.appId,
      MessageRequest: {
        Endpoints: { bob: {} },
        Addresses: { 'stranger@example.com': { ChannelType: 'EMAIL' } },
        MessageConfiguration: {},
        TemplateConfiguration: { EmailTemplate: { Name: 'leaving' } },
      },
    }),
  );
  expect(sent.MessageResponse?.Result?.['stranger@example.com']).toMatchObject({
    DeliveryStatus: 'PERMANENT_FAILURE',
    StatusMessage: expect.stringContaining('repoint.unsubscribeUrl: a message to a bare address'),
  });
  const { mail, here } = await mailTo('bob');
  expect(mail?.headers).toEqual({});
  await put('bob.new@example.com');
  const pressed = new URLSearchParams({ answer: 'unsubscribe' });
  expect((await fetch(here, { method: 'POST', body: pressed })).status).toBe(200);
  expect([await optOutOf('bob'), await unsubscribesOf('bob')]).toEqual(['ALL', 1]);
});

it('the mailbox plays the one click of a mail program, and tells where an e-mail has no such link', async () => {
  await putUser(world, shop.appId, 'dora');
  await world.settle();
  const { mail } = await mailTo('dora');
  await world.mailbox.play(mail?.id ?? '', 'unsubscribe');
  expect([await optOutOf('dora-email'), await unsubscribesOf('dora-email')]).toEqual(['ALL', 1]);
  const { mail: plain } = await mailTo('bob');
  await expect(world.mailbox.play(plain?.id ?? '', 'unsubscribe')).rejects.toThrow('no List-Unsubscribe');
  await world.advance(2 * day);
});

it('a campaign’s e-mail has both', async () => {
  await putUser(world, shop.appId, 'cleo');
  await world.client.send(
    new CreateCampaignCommand({
      ApplicationId: shop.appId,
      WriteCampaignRequest: {
        Name: 'Tips',
        SegmentId: shop.segmentId,
        Schedule: { StartTime: 'IMMEDIATE' },
        TemplateConfiguration: { EmailTemplate: { Name: 'leaving', Version: '1' } },
      },
    }),
  );
  await world.settle();
  const mails = await world.mailbox.messages({ to: 'cleo@example.com' });
  const mail = mails.find(({ campaignId }) => campaignId !== null);
  expect(mail?.html).toContain(mail?.headers?.['List-Unsubscribe']?.slice(1, -1));
});

it.each(['GET', 'POST'])('what is not ours is answered 404 and tells nothing: %s', async (method) => {
  const request = method === 'GET' ? {} : oneClick;
  const { here } = await mailTo('ann');
  const [subject = ''] = here.split('/').at(-1)?.split('.') ?? [];
  for (const token of ['x', `${subject}.${'A'.repeat(43)}`, '..%2f..%2fv1']) {
    const answer = await fetch(`${world.url}/unsubscribe/${token}`, request);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('ann');
  }
});

it('the link of somebody who was erased leads nowhere', async () => {
  const { here } = await mailTo('cleo');
  await world.deps.db.deleteFrom('message').where('address', '=', 'cleo@example.com').execute();
  expect((await fetch(here, oneClick)).status).toBe(404);
});
