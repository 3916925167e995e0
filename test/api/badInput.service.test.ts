import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { callSigned } from '../support/signedRequest.ts';
import { tutorial } from '../support/tutorial.ts';

let appId: string;
const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  appId = await createApp(api.client);
});

/** How many rows each table has. */
async function rowCounts(): Promise<unknown> {
  const { rows } = await sql<{ name: string; rows: string }>`
    select relname as name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', relname), false, true, '')))[1]::text as rows
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`.execute(
    database.db,
  );
  return rows;
}

/** A document that is not as it has to be, and what its answer says. */
interface BadDocument {
  readonly kind: string;
  readonly request: `${'POST' | 'PUT'} ${string}`;
  readonly body: unknown;
  /** Each problem, beginning with its path. */
  readonly says: readonly string[];
}

const journey = tutorial('06-create-journey-canonical');
const segment = (dimensions: object) => ({
  SegmentGroups: { Groups: [{ Dimensions: [dimensions] }], Include: 'ALL' },
});

const documents: readonly BadDocument[] = [
  {
    kind: 'text that is no JSON',
    request: 'POST /v1/apps',
    body: '{"Name": ',
    says: ['request body: not valid JSON'],
  },
  {
    kind: 'JSON that is no object',
    request: 'POST /v1/apps',
    body: [],
    says: ['request body: must be an object; given []'],
  },
  { kind: 'an app', request: 'POST /v1/apps', body: { Name: ' ' }, says: ['Name: must not be empty'] },
  {
    kind: "an app's tags",
    request: 'POST /v1/apps',
    body: { tags: { a: 1 } },
    says: ['Name: is required', 'tags.a: must be a string; given 1'],
  },
  {
    kind: 'an e-mail channel',
    request: 'PUT /v1/apps/{app}/channels/email',
    body: { Enabled: 'yes' },
    says: [
      'FromAddress: is required',
      'Identity: is required',
      'Enabled: must be true or false; given "yes"',
    ],
  },
  {
    kind: 'an APNs channel',
    request: 'PUT /v1/apps/{app}/channels/apns',
    body: { TokenKey: {} },
    says: ['TokenKey: must be a string'],
  },
  {
    kind: 'an endpoint of the wrong types',
    request: 'PUT /v1/apps/{app}/endpoints/one',
    body: { ChannelType: 'PIGEON', Attributes: { a: 'b' } },
    says: ['Attributes.a: must be a list', 'ChannelType: must be one of ADM, APNS,'],
  },
  {
    kind: 'an endpoint of the wrong values',
    request: 'PUT /v1/apps/{app}/endpoints/one',
    body: { EndpointStatus: 'SOME', Location: { Latitude: 91 }, Attributes: { ['n'.repeat(51)]: ['b'] } },
    says: [
      'EndpointStatus: must be one of ACTIVE, INACTIVE; given "SOME"',
      'Location.Latitude: must be at most 90',
      `Attributes.${'n'.repeat(51)}: the name must have at most 50 characters`,
    ],
  },
  {
    kind: 'a batch with one bad endpoint',
    request: 'PUT /v1/apps/{app}/endpoints',
    body: {
      Item: [
        { Id: 'good', ChannelType: 'SMS', Address: '+12065550101' },
        { ChannelType: 'SMS', Address: '+12065550102' },
      ],
    },
    says: ['Item[1].Id: is required'],
  },
  {
    kind: 'a segment of unknown words',
    request: 'POST /v1/apps/{app}/segments',
    body: segment({ UserAttributes: { Plan: { AttributeType: 'SIMILAR', Values: [] } } }),
    says: [
      'SegmentGroups.Groups[0].Dimensions[0].UserAttributes.Plan.AttributeType: must be one of AFTER, BEFORE,',
    ],
  },
  {
    kind: 'a segment of impossible dates',
    request: 'POST /v1/apps/{app}/segments',
    body: segment({ UserAttributes: { SignupDate: { AttributeType: 'AFTER', Values: ['P3'] } } }),
    says: ['SegmentGroups.Groups[0].Dimensions[0].UserAttributes.SignupDate.Values[0]: "P3"'],
  },
  {
    kind: 'a campaign',
    request: 'POST /v1/apps/{app}/campaigns',
    body: { ...tutorial('05-create-campaign'), Schedule: { StartTime: 'soon' }, Limits: { Total: -1 } },
    says: [
      'Schedule.StartTime: "soon" is not a point in time',
      'Limits.Total: -1: a whole number from 0',
      'SegmentId: there is no segment "SEGMENT_ID"',
    ],
  },
  {
    kind: 'a campaign of no segment',
    request: 'POST /v1/apps/{app}/campaigns',
    body: tutorial('05-create-campaign'),
    says: ['SegmentId: there is no segment "SEGMENT_ID"'],
  },
  {
    kind: 'an e-mail template',
    request: 'POST /v1/templates/bad/email',
    body: { Subject: '{{#if', DefaultSubstitutions: '[' },
    says: ['DefaultSubstitutions: must be the text of a JSON object', 'Subject: Parse error on line 1'],
  },
  {
    kind: 'a push template',
    request: 'POST /v1/templates/bad/push',
    body: { Default: { Action: 'FLY' } },
    says: ['Default.Action: must be one of DEEP_LINK, OPEN_APP, URL; given "FLY"'],
  },
  {
    kind: "a template's name",
    request: 'POST /v1/templates/a%20b/sms',
    body: { Body: 'x' },
    says: ['template-name: must be 1 to 128 letters'],
  },
  {
    kind: 'a journey',
    request: 'POST /v1/apps/{app}/journeys',
    body: {
      ...journey,
      Activities: {
        ...journey.Activities,
        Wait3Days: { Wait: { WaitTime: { WaitFor: 'soon' }, NextActivity: 'WelcomeEmail' } },
      },
    },
    says: [
      'Activities.Wait3Days.Wait.WaitTime.WaitFor: "soon" is not a duration',
      'Activities.Wait3Days.Wait.NextActivity: "WelcomeEmail" leads back to "Wait3Days"',
      'Activities.CheckEngagement.ConditionalSplit.Condition.Conditions[0].EventCondition.MessageActivity: "WelcomeEmail"',
    ],
  },
  {
    kind: 'a journey of no segment',
    request: 'POST /v1/apps/{app}/journeys',
    body: journey,
    says: ['StartCondition.SegmentStartCondition.SegmentId: no segment "new-users-segment-id"'],
  },
  {
    kind: 'an import job',
    request: 'POST /v1/apps/{app}/jobs/import',
    body: { Format: 'JSON', S3Url: 'http://bucket', RoleArn: 'me', RegisterEndpoints: true },
    says: ['S3Url: ', 'RoleArn: '],
  },
  {
    kind: 'events',
    request: 'POST /v1/apps/{app}/events',
    body: { BatchItem: { e: { Endpoint: {}, Events: { one: { EventType: 1 } } } } },
    says: [
      'BatchItem.e.Events.one.EventType: must be a string; given 1',
      'BatchItem.e.Events.one.Timestamp: is required',
    ],
  },
  {
    kind: 'a message',
    request: 'POST /v1/apps/{app}/messages',
    body: {
      Addresses: { a: { ChannelType: 'PIGEON' } },
      MessageConfiguration: { EmailMessage: { SimpleEmail: 1 } },
    },
    says: [
      'MessageConfiguration.EmailMessage.SimpleEmail: must be an object; given 1',
      'Addresses.a.ChannelType: must be one of ADM, APNS,',
    ],
  },
  {
    kind: 'a message to users',
    request: 'POST /v1/apps/{app}/users-messages',
    body: { Users: {} },
    says: ['MessageConfiguration: is required'],
  },
  {
    kind: 'an ARN',
    request: 'POST /v1/tags/nothing',
    body: { tags: { a: 'b' } },
    says: ['ResourceArn: must be the ARN of an app, campaign, segment or template'],
  },
];

it.each(documents)(
  '400 for $kind names every place, and nothing is stored',
  async ({ request, body, says }) => {
    const before = await rowCounts();
    const [method = '', target = ''] = request.replace('{app}', appId).split(' ');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await callSigned(api.url, { method, target, body: text });
    expect(answer).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'BadRequestException' } });
    const problems: string[] = JSON.parse(answer.body).Message.split(/; (?=[\w.[\]]+: )/);
    const told = problems.map((problem) => says.find((text) => problem.startsWith(text)) ?? problem);
    expect(told.toSorted()).toEqual(says.toSorted());
    expect(await rowCounts()).toEqual(before);
  },
);
