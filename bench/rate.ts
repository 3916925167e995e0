import {
  CreateCampaignCommand,
  CreateSegmentCommand,
  type PinpointClient,
  type SetDimension,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { createUpstream } from '../src/channels/upstreamPinpoint.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { createTestApplication } from '../src/testing/testApplication.ts';
import { startTestMailbox, type TestMailbox } from '../src/testing/testMailbox.ts';
import { startTestApi } from '../test/support/api.ts';
import { testSettings } from '../test/support/deps.ts';
import { runProgram } from '../test/support/program.ts';
import { machineLine } from './machine.ts';
import { type Joint, jointRate } from './rate/arrivals.ts';
import { withPostgres } from './withPostgres.ts';

/** E-mails a second that SES, which the mailbox plays, allows: what an account has that left the sandbox. */
const LIMIT = 14;
/** What each of two campaigns sends to. */
const PEOPLE = 250;
const [ABOVE, LEAST] = [1.05, 0.9];

/**
 * Two processes send a campaign each to more people than the account may be sent to in half a minute, as workers do. What
 * arrives is measured at the far end, which refuses what is over the limit.
 */
export async function run(): Promise<void> {
  await withPostgres([], async (url, folder) => {
    const mailbox = await startTestMailbox({ parentFolder: folder });
    try {
      await measure(url, mailbox);
    } finally {
      await mailbox.close();
    }
  });
}

async function measure(url: string, mailbox: TestMailbox): Promise<void> {
  const db = openDatabase(url);
  await migrate(db);
  const deps = { config: mailbox.config, upstream: createUpstream(mailbox.config) };
  const api = await startTestApi({ db, url, drop: async () => {} }, { deps });
  await mailbox.setAccount({ MaxSendRate: LIMIT });
  const { appId, campaigns } = await createCampaigns(api.client, db);
  const settings = {
    ...testSettings,
    DATABASE_URL: url,
    REPOINT_UPSTREAM_SES_URL: mailbox.url,
    REPOINT_UPSTREAM_PINPOINT_URL: mailbox.url,
  };
  const senders = campaigns.map((id) => runProgram(['bench/rate/sender.ts', appId, id], settings));
  const codes = await Promise.all(senders.map(({ ended }) => ended));
  for (const [index, code] of codes.entries()) if (code !== 0) console.log(senders[index]?.output());
  const instants = (await mailbox.messages()).map(({ sentAt }) => Date.parse(sentAt));
  const { OverRate } = (await (await fetch(`${mailbox.url}/account`)).json()) as { OverRate: number };
  await api.close();
  await db.destroy();
  report(jointRate(instants), OverRate);
}

function report({ count, perSecond, peak, peakOfTen, everyFive }: Joint, refused: number): void {
  const share = (rate: number) => `${((rate / LIMIT) * 100).toFixed(1)} % of the limit`;
  console.log(machineLine());
  console.log(`${count} e-mails of two campaigns by two processes, limit ${LIMIT} a second`);
  console.log(`joint rate ${perSecond.toFixed(1)} a second, ${share(perSecond)}`);
  console.log(`most in any ten seconds ${peakOfTen}, ${share(peakOfTen / 10)}`);
  console.log(`most in any second ${peak}, ${share(peak)}; refused by the far end ${refused}`);
  console.log(`in each five seconds: ${everyFive.join(' ')}`);
  const isKept = peakOfTen <= LIMIT * 10 * ABOVE && perSecond >= LIMIT * LEAST && count === 2 * PEOPLE;
  const wanted = `wanted ${LEAST * 100} to ${ABOVE * 100} % in any ten seconds, and ${2 * PEOPLE} e-mails`;
  console.log(isKept ? 'kept' : `FAULT: ${wanted}`);
  process.exitCode = isKept ? 0 : 1;
}

async function createCampaigns(
  client: PinpointClient,
  db: Database,
): Promise<{ appId: string; campaigns: string[] }> {
  const appId = await createTestApplication(client);
  await sql`insert into endpoint (app_id, id, user_id, channel_type, address, status, opt_out, cohort, effective_date, created_at, updated_at)
    select ${appId}::text, 'endpoint' || n, 'user' || n, 'EMAIL', n || '@example.com', 'ACTIVE', 'NONE', 0, now(), now(), now()
    from generate_series(1, ${PEOPLE}::int) n`.execute(db);
  const Channel: SetDimension = { DimensionType: 'INCLUSIVE', Values: ['EMAIL'] };
  const segment = await client.send(
    new CreateSegmentCommand({
      ApplicationId: appId,
      WriteSegmentRequest: { Name: 'everyone', Dimensions: { Demographic: { Channel } } },
    }),
  );
  const campaigns: string[] = [];
  for (const Name of ['First', 'Second']) {
    const campaign = await client.send(
      new CreateCampaignCommand({
        ApplicationId: appId,
        WriteCampaignRequest: {
          Name,
          SegmentId: segment.SegmentResponse?.Id ?? '',
          MessageConfiguration: { EmailMessage: { Title: 'Tips', HtmlBody: '<p>Tips</p>' } },
          Schedule: { StartTime: 'IMMEDIATE' },
        },
      }),
    );
    campaigns.push(campaign.CampaignResponse?.Id ?? '');
  }
  return { appId, campaigns };
}
