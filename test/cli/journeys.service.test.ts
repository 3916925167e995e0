import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetJourneyCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newResourceId } from '../../src/db/ids.ts';
import { insertSegment } from '../../src/db/segments/segmentVersions.ts';
import { createApp, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { repoint } from '../support/repointCli.ts';
import { tutorial } from '../support/tutorial.ts';

const printed = path.resolve(import.meta.dirname, '../../examples/tutorial/06-create-journey-completed.json');
let folder: string;
let appId: string;
const segmentId = newResourceId();

const database = useDatabase();
const api = useApi(database);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'repoint-journeys-'));
  appId = await createApp(api.client);
  const { Name: name, ...document } = tutorial('04-create-segment');
  await database.db
    .transaction()
    .execute((tx) => insertSegment(tx, appId, { id: segmentId, name, document, tags: {} }, new Date()));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileOf(text: string): Promise<string> {
  const file = path.join(folder, `${newResourceId()}.json`);
  await writeFile(file, text);
  return file;
}

const publish = (file: string, ...more: string[]) =>
  repoint(['journeys', 'publish', file, '--application-id', appId, '--endpoint-url', api.url, ...more]);

describe('repoint journeys publish', () => {
  it('publishes the journey as the tutorial prints it, telling what was normalised and how many match', async () => {
    const { code, stdout, stderr } = await publish(printed, '--segment-id', segmentId);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('warning  Activities.WelcomeEmail.NextActivity: moved into EMAIL');
    const [, id] = /Published ([0-9a-f]{32}) \(New User Onboarding\): 0 endpoints match/.exec(stdout) ?? [];
    const got = await api.client.send(new GetJourneyCommand({ ApplicationId: appId, JourneyId: id }));
    expect(got.JourneyResponse?.Activities?.WelcomeEmail?.EMAIL?.NextActivity).toBe('Wait3Days');
    expect(got.JourneyResponse?.State).toBe('ACTIVE');
  });

  it("takes a file of the AWS CLI's --cli-input-json form", async () => {
    const file = await fileOf(
      JSON.stringify({ WriteJourneyRequest: tutorial('06-create-journey-canonical') }),
    );
    expect(await publish(file, '--segment-id', segmentId)).toMatchObject({ code: 0, stderr: '' });
  });

  it('exits with 1 and the refusal, a line for each problem however it is worded', async () => {
    const EMAIL = { MessageConfig: {} };
    const { code, stderr } = await publish(
      await fileOf(
        JSON.stringify({ Name: 'Two', StartActivity: 'A', Activities: { A: { EMAIL }, B: { EMAIL } } }),
      ),
    );
    expect(code).toBe(1);
    const [first, ...problems] = stderr.trim().split('\n');
    expect(first).toBe('repoint: the API refused it (400 BadRequestException):');
    expect(problems).toContain(
      '  Activities.A.EMAIL.TemplateName: missing; name the message template to send',
    );
    for (const problem of problems) expect(problem).toMatch(/^ {2}[A-Z][\w.]+: /);
  });
});

describe('repoint journeys validate', () => {
  const validate = async (text: string) => repoint(['journeys', 'validate', await fileOf(text)]);

  it('exits with 0 where only warnings are to be told', async () => {
    const { code, stdout } = await repoint(['journeys', 'validate', printed]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning {4}Activities\.WelcomeEmail\.NextActivity: moved/);
    expect(stdout).toMatch(/It can be published\.\n$/);
  });

  it('exits with 1 and tells every problem and every warning', async () => {
    const { code, stdout } = await validate(
      JSON.stringify({
        Name: 'J',
        StartCondition: { SegmentStartCondition: { SegmentId: 's' } },
        StartActivity: 'a',
        Activities: {
          a: { EMAIL: { NextActivity: 'b' } },
          b: { Holdout: { Percentage: 5, NextActivity: 'c' } },
        },
        Color: 'red',
      }),
    );
    expect(code).toBe(1);
    expect(stdout.split('\n').map((line) => line.replace(/:.*/, ''))).toEqual([
      'problem    Activities.a.EMAIL.TemplateName',
      'warning    Color',
      'warning    Activities.b.Holdout.NextActivity',
      'It would be refused',
      '',
    ]);
  });

  it.each([
    ['{"Name": 5}', 'problem    Name: must be a string; given 5'],
    ['{"Name": ', 'problem    request body: not valid JSON'],
  ])('exits with 1 for %s', async (text, line) => {
    const { code, stdout } = await validate(text);
    expect(code).toBe(1);
    expect(stdout).toContain(line);
  });
});

it('repoint journeys show prints the tree', async () => {
  const { code, stdout } = await repoint(['journeys', 'show', printed]);
  expect(code).toBe(0);
  expect(stdout).toContain('  ├─ yes\n  │  EngagedFollowUp');
});
