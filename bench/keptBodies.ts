import { readFile } from 'node:fs/promises';
import { newTimeId } from '../src/db/ids.ts';
import type { Deps } from '../src/deps.ts';
import { claim } from '../src/sending/claim.ts';
import type { MessageOwner, Recipient } from '../src/sending/ledger.ts';
import { type Answered, recordOutcomes } from '../src/sending/recordOutcomes.ts';
import { variablesOf } from '../src/sending/render.ts';
import type { TemplateContent } from '../src/templates/content.ts';
import { renderContent } from '../src/templates/render.ts';
import type { Rendered } from '../src/templates/rendered.ts';
import { type Environment, startEnvironment } from '../src/testing/environment.ts';
import { cloneDatabase } from '../src/testing/testDatabase.ts';
import { testDeps } from '../src/testing/testDeps.ts';
import { tutorial } from '../test/support/tutorial.ts';
import { table } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { bytesPerMessage } from './sends/ledger.ts';

const MESSAGES = 2000;
const CHUNK = 100;

/** What Postgres takes for the text of a message while REPOINT_KEEP_BODIES_DAYS keeps it, beside how long the text is. */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  try {
    const rows: string[][] = [];
    for (const [name, content] of await contents()) {
      const without = await measure(environment, content, false);
      const kept = await measure(environment, content, true);
      rows.push([name, kilobytes(lengthOf(rendered(content, 0))), kilobytes(kept - without)]);
    }
    console.log(`${table(['a message', 'its text', 'kept'], rows)}\n\n${machineLine()}`);
  } finally {
    await environment.stop();
  }
}

async function contents(): Promise<readonly (readonly [string, TemplateContent])[]> {
  const welcome = tutorial('06-create-email-template-welcome');
  return [
    ['an SMS', { type: 'SMS', Body: 'Hello {{User.UserAttributes.FirstName}}, your order is on its way.' }],
    ["the tutorial's welcome e-mail", { ...welcome, type: 'EMAIL' }],
    ['a newsletter of 20 paragraphs', await newsletter(20)],
    ['a newsletter of 60 paragraphs', await newsletter(60)],
  ];
}

const cell =
  'padding:24px 32px 0 32px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px';

/** Paragraphs of our own documents in the nested tables and inline styles of an HTML e-mail; its text part is made as ever. */
async function newsletter(count: number): Promise<TemplateContent> {
  const files = ['journeys', 'operations'].map((name) =>
    readFile(new URL(`../docs/${name}.md`, import.meta.url), 'utf8'),
  );
  const texts = (await Promise.all(files)).join('\n\n').split(/\n{2,}/);
  const paragraphs = texts.filter((text) => /^[A-Z*]/.test(text) && !text.includes('{{')).slice(0, count);
  const row = (text: string) =>
    `<tr><td style="${cell};color:#1b1b1b"><p style="margin:0 0 16px 0">${text.replaceAll('<', '&lt;')}</p></td></tr>`;
  const body = `<table role="presentation" width="600" cellpadding="0" cellspacing="0">${paragraphs.map(row).join('\n')}</table>`;
  return { type: 'EMAIL', Subject: 'News for {{User.UserAttributes.FirstName}}', HtmlPart: body };
}

function rendered(content: TemplateContent, number: number): Rendered {
  const endpoint = { address: `person${number}@example.com`, channel_type: content.type, id: `e${number}` };
  const variables = variablesOf(endpoint, { FirstName: [`Ann${number}`] }, {});
  return renderContent(content, { variables, channelType: content.type, now: new Date() });
}

/** How long the texts are as they leave, in bytes. */
function lengthOf(message: Rendered): number {
  const texts = Object.entries(message).filter(([name]) => name !== 'channel');
  return texts.reduce((sum, [, text]) => sum + Buffer.byteLength(String(text)), 0);
}

/** Bytes a message takes of Postgres when it has been sent. */
async function measure(
  { postgresUrl, template }: Environment,
  content: TemplateContent,
  keepsBody: boolean,
): Promise<number> {
  const database = await cloneDatabase(postgresUrl, template);
  try {
    const deps = testDeps(database.db);
    for (let first = 0; first < MESSAGES; first += CHUNK) await send(deps, content, first, keepsBody);
    return await bytesPerMessage(deps);
  } finally {
    await database.drop();
  }
}

/** A chunk of messages from their claims to their providers' answers. */
async function send(deps: Deps, content: TemplateContent, first: number, keepsBody: boolean): Promise<void> {
  const logical = new Date();
  const channel = content.type === 'SMS' ? 'SMS' : 'EMAIL';
  const owner: MessageOwner = {
    ...{ appId: 'bench', owner: newTimeId(logical), kind: 'campaign', step: '0', channel },
    ...{ class: 'marketing', campaignId: 'campaign', graceMs: 0, keepsBody },
  };
  const people = Array.from({ length: CHUNK }, (_, index): Recipient => {
    const id = `endpoint-${first + index}`;
    const to = { recipient: id, endpointId: id, participant: `u:user-${first + index}` };
    return { ...to, channelType: channel, address: `person${first + index}@example.com` };
  });
  const claims = await deps.db.transaction().execute((tx) =>
    claim(tx, owner, people, { logical, real: logical }, async ({ seq }) => ({
      rendered: rendered(content, first + seq),
    })),
  );
  const answered = claims.map((call): Answered => {
    if (call.kind !== 'call') throw new Error('the claim of a new message is a call');
    const outcome = { kind: 'accepted', providerMessageId: `provider-${call.messageId}` } as const;
    return { owner, claim: call, outcome, logical };
  });
  await recordOutcomes(deps.db, owner.appId, answered);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(bytes < 1024 ? 2 : 1)} KB`;
}
