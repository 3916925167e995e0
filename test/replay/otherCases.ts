import { ApplicationFailure } from '@temporalio/common';
import type {
  CampaignEnd,
  CampaignOpening,
  CampaignPage,
  CampaignRunActivities,
} from '../../src/activities/campaign/campaignRunActivities.ts';
import type { ImportActivities } from '../../src/activities/imports/importActivities.ts';
import type { JourneyLifeActivities, Tended } from '../../src/activities/journey/journeyLifeActivities.ts';
import type { CampaignWorkflowInput } from '../../src/workflows/campaignRun.ts';
import type { ImportJobInput } from '../../src/workflows/importJob.ts';
import { journeyChanged } from '../../src/workflows/journeyLife.ts';
import { campaignChanged } from '../../src/workflows/messages.ts';
import type { Answer, AnsweredWorkflow, Drive } from '../support/journeyRun.ts';
import { day, hour, inTurn } from './cases.ts';

/** A run of another workflow whose history is kept. */
export interface OtherCase {
  readonly workflow: AnsweredWorkflow;
  readonly drive: Drive;
}

const again: Tended = { is: 'again' };
const over: Tended = { is: 'over' };
const sleep = (until: number | null): Tended => ({ is: 'sleep', until });

/** A journey's life that finds these things to do, one after the other. */
function life(tended: readonly Tended[], drive: Drive): OtherCase {
  const activities = {
    tendJourney: inTurn<Tended>(...tended.map((each) => () => each)),
  } satisfies Record<keyof JourneyLifeActivities, Answer>;
  return {
    workflow: { type: 'journeyLife', input: { appId: 'app', journeyId: 'journey' }, activities },
    drive,
  };
}

/** Tells it, as an edit of the segment, a resume or the last to leave does, every hour. */
const toldHourly =
  (times: number): Drive =>
  async ({ sleep: pass, handle }) => {
    for (let time = 0; time < times; time += 1) {
      await pass(hour);
      await handle.signal(journeyChanged);
    }
    await pass(hour);
  };

const campaign: CampaignWorkflowInput = { appId: 'app', campaignId: 'campaign', version: 1 };
const open: CampaignOpening = { is: 'open', runId: 'run' };
const more: CampaignPage = { is: 'more' };

function run(
  openings: readonly CampaignOpening[],
  pages: readonly CampaignPage[],
  drive: Drive,
  input: CampaignWorkflowInput = campaign,
): OtherCase {
  const activities = {
    openCampaignRun: inTurn(...openings.map((each) => () => each)),
    sendCampaignPage: inTurn(...pages.map((each) => () => each)),
    closeCampaignRun: () => undefined,
  } satisfies Record<keyof CampaignRunActivities, Answer>;
  return { workflow: { type: 'campaignRun', input, activities }, drive };
}

const ended = (is: CampaignEnd): CampaignPage => ({ is });

function givenUp(): never {
  throw ApplicationFailure.nonRetryable('away');
}

function job(
  answers: Partial<Record<keyof ImportActivities, Answer>>,
  drive: Drive,
  more: Partial<ImportJobInput> = {},
): OtherCase {
  const done = () => undefined;
  const activities = {
    listImportPieces: () => 3,
    importPiece: done,
    giveUpImportPiece: done,
    finishImport: done,
    giveUpImport: done,
    ...answers,
  } satisfies Record<keyof ImportActivities, Answer>;
  return {
    workflow: { type: 'importJob', input: { appId: 'app', jobId: 'job', ...more }, activities },
    drive,
  };
}

const aMoment: Drive = ({ sleep: pass }) => pass(hour);

/** Never deleted; a case is recorded once, and a new kind of run is a new case. */
export const otherCases: Readonly<Record<string, OtherCase>> = {
  'life-live-and-edited': life([again, again, sleep(null), again, sleep(null), over], toldHourly(2)),
  'life-scheduled-with-refreshes': life(
    [sleep(hour), again, again, sleep(13 * hour), again, again, sleep(2 * day), again, sleep(null), over],
    async ({ sleep: pass, handle }) => {
      await pass(2 * day + hour);
      await handle.signal(journeyChanged);
      await pass(hour);
    },
  ),
  'life-paused-and-resumed': life(
    [again, sleep(hour / 2), sleep(null), again, sleep(null), over],
    toldHourly(2),
  ),
  'life-cancelled': life([again, sleep(null), sleep(hour + 1000), sleep(hour + 2000), over], toldHourly(1)),
  'life-started-by-events': life([again, sleep(day), again, sleep(day + hour), over], ({ sleep: pass }) =>
    pass(2 * day),
  ),
  'life-told-before-its-time': life([again, sleep(day), again, sleep(day), over], toldHourly(2)),
  'campaign-scheduled': run(
    [{ is: 'wait', until: day }, { is: 'wait', until: day + hour }, open],
    [more, more, ended('finished')],
    ({ sleep: pass }) => pass(2 * day),
  ),
  'campaign-moved': run(
    [{ is: 'wait', until: day }, open],
    [ended('finished')],
    async ({ sleep: pass, handle }) => {
      await pass(hour);
      await handle.signal(campaignChanged);
      await pass(hour);
    },
  ),
  'campaign-paused-before-its-start': run([{ is: 'stopped' }], [], aMoment),
  'campaign-stopped-on-the-way': run([open], [more, { is: 'stopped' }], aMoment),
  'campaign-expired': run([open], [more, ended('expired')], aMoment),
  'campaign-continued': run([], [more, ended('segmentDeleted')], aMoment, { ...campaign, runId: 'run' }),
  'import-of-six-files': job({ listImportPieces: () => 6 }, aMoment),
  'import-of-nothing': job({ listImportPieces: () => 0 }, aMoment),
  'import-with-a-file-that-is-away': job(
    { importPiece: (input) => ((input as { piece: number }).piece === 2 ? givenUp() : undefined) },
    aMoment,
  ),
  'import-whose-storage-is-away': job({ listImportPieces: givenUp }, aMoment),
  'import-continued': job({}, aMoment, { pieces: 502, next: 501 }),
};
