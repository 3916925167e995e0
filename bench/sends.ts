import { createSender } from '../src/channels/createSender.ts';
import { readConfig } from '../src/config.ts';
import type { Deps } from '../src/deps.ts';
import { createLog } from '../src/log.ts';
import { startEnvironment } from '../src/testing/environment.ts';
import { cloneDatabase } from '../src/testing/testDatabase.ts';
import { testDeps, testSettings } from '../src/testing/testDeps.ts';
import { table, writeCosts } from './costsDocument.ts';
import { machineLine } from './machine.ts';
import { median } from './median.ts';
import { startFarEnd } from './sends/farEnd.ts';
import { asCampaigns, asJourneys, asRequests, bare, bytesPerMessage } from './sends/ledger.ts';
import { perSecond, renderPlain, renderWelcome } from './sends/templates.ts';

const sends = Number(process.env.REPOINT_BENCH_SENDS ?? 1000);
const rounds = Number(process.env.REPOINT_BENCH_ROUNDS ?? 5);
const RENDERINGS = 20_000;
/** What has to be reached of the bare SDK's calls, and of Handlebars alone. */
const required = { ledger: 0.4, templates: 0.8 };

interface Round {
  readonly sdk: number;
  readonly requests: number;
  readonly journeys: number;
  readonly campaigns: number;
  readonly templates: number;
  readonly handlebars: number;
}

/** What the ledger costs a send, what Repoint's templates cost a rendering, and how much a message takes of Postgres. */
export async function run(): Promise<void> {
  const environment = await startEnvironment(process.env.DATABASE_URL);
  const farEnd = await startFarEnd();
  const database = await cloneDatabase(environment.postgresUrl, environment.template);
  try {
    const config = readConfig({
      ...testSettings,
      REPOINT_UPSTREAM_SES_URL: farEnd.url,
      REPOINT_UPSTREAM_PINPOINT_URL: farEnd.url,
    });
    const deps = testDeps(database.db, { config, sender: createSender(config, createLog('silent')) });
    // the first round warms everything and is not counted
    await measure(deps);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure(deps));
    report(measured, await bytesPerMessage(deps));
  } finally {
    await database.drop();
    await farEnd.close();
    await environment.stop();
  }
}

/** One after the other, so that what else the machine does falls on all of them. */
async function measure(deps: Deps): Promise<Round> {
  const rendered = renderWelcome();
  const round = {
    sdk: sends / (await bare(deps, rendered, sends)),
    requests: sends / (await asRequests(deps, rendered, sends)),
    journeys: sends / (await asJourneys(deps, rendered, sends)),
    campaigns: sends / (await asCampaigns(deps, rendered, sends)),
    templates: perSecond(renderWelcome, RENDERINGS),
    handlebars: perSecond(renderPlain, RENDERINGS),
  };
  console.log(
    JSON.stringify(
      Object.fromEntries(Object.entries(round).map(([name, value]) => [name, Math.round(value)])),
    ),
  );
  return round;
}

function report(measured: readonly Round[], bytes: number): void {
  const of = (name: keyof Round) => median(measured.map((round) => round[name]));
  const ratio = (name: keyof Round, floor: keyof Round) =>
    median(measured.map((round) => round[name] / round[floor]));
  const row = (what: string, name: keyof Round, floor: keyof Round) => [
    what,
    of(name).toFixed(0),
    of(floor).toFixed(0),
    ratio(name, floor).toFixed(2),
  ];
  const rows = [
    row("e-mails one by one, as SendMessages'", 'requests', 'sdk'),
    row("e-mails one by one, as a journey's", 'journeys', 'sdk'),
    row("e-mails by the chunk, as a campaign's", 'campaigns', 'sdk'),
    row('renderings of the welcome e-mail', 'templates', 'handlebars'),
  ];
  const head = ['a second, median', 'Repoint', 'SDK or Handlebars alone', 'ratio'];
  const size = `A message takes ${bytes} bytes of Postgres, indexes and its call included.`;
  writeCosts('sends', `${table(head, rows)}\n\n${size}\n\n${machineLine()}`);
  const isBelow =
    ratio('requests', 'sdk') < required.ledger ||
    ratio('journeys', 'sdk') < required.ledger ||
    ratio('campaigns', 'sdk') < required.ledger ||
    ratio('templates', 'handlebars') < required.templates;
  if (isBelow) console.error(`below what is required: ${JSON.stringify(required)}`);
  process.exitCode = isBelow ? 1 : 0;
}
