import {
  CreateSegmentCommand,
  DeleteSegmentCommand,
  UpdateSegmentCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { type EntryScene, oneMail, type SceneOptions, startEntryScene } from '../support/entryScene.ts';
import { day, hour, received } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const start = (options?: SceneOptions) => startEntryScene(world, options);

/** One mail, entered as often as is said. */
const reentering = (Limits: object, more: object = {}): SceneOptions => ({
  change: (journey) => ({ ...oneMail(journey), Limits, ...more }),
});

const onPlans = (Values: string[]) => ({
  Dimensions: { UserAttributes: { Plan: { AttributeType: 'INCLUSIVE' as const, Values } } },
});

async function createSegment(ApplicationId: string, ...plans: string[]): Promise<string> {
  const request = { ApplicationId, WriteSegmentRequest: onPlans(plans) };
  return (await world.client.send(new CreateSegmentCommand(request))).SegmentResponse?.Id ?? '';
}

async function writeSegment(
  { appId, segmentId }: EntryScene,
  WriteSegmentRequest: WriteSegmentRequest,
): Promise<void> {
  await world.client.send(
    new UpdateSegmentCommand({ ApplicationId: appId, SegmentId: segmentId, WriteSegmentRequest }),
  );
}

const editSegment = (scene: EntryScene, ...plans: string[]) => writeSegment(scene, onPlans(plans));

describe('entering again', () => {
  async function leaveAndMatchAgain(scene: EntryScene, user: string): Promise<void> {
    for (const plan of ['free', 'premium'] as const) {
      await scene.put(user, plan);
      await world.settle();
    }
  }

  it('is for nobody where nothing is said: who matches again is counted as over the cap', async () => {
    const scene = await start();
    await scene.put('once', 'premium');
    await world.settle();
    await leaveAndMatchAgain(scene, 'once');
    await leaveAndMatchAgain(scene, 'once');
    expect(await scene.entries()).toEqual(['once match:1']);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 1, REENTRY_CAP_EXCEEDED: 2 });
  });

  it('happens as often as the cap allows, each time somebody starts to match', async () => {
    const scene = await start(reentering({ EndpointReentryCap: 2 }));
    await scene.put('twice', 'premium');
    await world.settle();
    await scene.put('twice', 'premium', { Attributes: { Seen: ['again'] } });
    await world.settle();
    expect(await scene.entries()).toEqual(['twice match:1']);
    await leaveAndMatchAgain(scene, 'twice');
    await leaveAndMatchAgain(scene, 'twice');
    expect(await scene.entries()).toEqual(['twice match:1', 'twice match:2']);
    expect(await received(world, 'twice')).toHaveLength(2);
  });

  it('has no end with a cap of 0, and waits for the interval since they left', async () => {
    const scene = await start(reentering({ EndpointReentryCap: 0, EndpointReentryInterval: 'PT1H' }));
    await scene.put('often', 'premium');
    await world.settle();
    await leaveAndMatchAgain(scene, 'often');
    expect(await scene.entries()).toHaveLength(1);
    for (let time = 0; time < 3; time += 1) {
      await world.advance(2 * hour);
      await leaveAndMatchAgain(scene, 'often');
    }
    expect(await scene.entries()).toEqual([
      'often match:1',
      'often match:3',
      'often match:4',
      'often match:5',
    ]);
  });

  it('never happens while they are inside', async () => {
    const scene = await start({
      change: (journey) => ({ ...journey, Limits: { EndpointReentryCap: 0 } }),
    });
    await scene.put('inside', 'premium');
    await world.settle();
    await leaveAndMatchAgain(scene, 'inside');
    expect(await scene.entries()).toEqual(['inside match:1']);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 1, ACTIVE_ENDPOINT_REJECTED: 1 });
  });

  it('is what a refresh does, in a run of its own, for those who still match', async () => {
    const scene = await start({
      ...reentering({ EndpointReentryCap: 2 }, { RefreshFrequency: 'P1D' }),
      present: ['stays', 'goes'],
    });
    await world.settle();
    await scene.put('goes', 'free');
    await world.advance(day + hour);
    await world.settle();
    expect(await scene.entries()).toEqual(['goes match:1', 'stays match:1', 'stays run']);
    expect(await scene.runs()).toEqual(['COMPLETED', 'RUNNING']);
    await world.advance(day);
    await world.settle();
    expect(await scene.entries()).toHaveLength(3);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 3, REENTRY_CAP_EXCEEDED: 1 });
    expect(await scene.runs()).toEqual(['COMPLETED', 'COMPLETED', 'RUNNING']);
  });
});

describe('what a run counts', () => {
  it('puts every endpoint that matches into one metric beside ENDPOINT_PRODUCED', async () => {
    const scene = await start();
    await scene.put('fine', 'premium');
    await scene.put('out', 'premium', { OptOut: 'ALL' });
    await scene.put('inactive', 'premium', { EndpointStatus: 'INACTIVE' });
    await scene.put('other', 'free');
    await world.settle();
    await scene.put('out', 'premium', { Attributes: { Seen: ['again'] } });
    await world.settle();
    expect(await scene.counts()).toEqual({
      ENDPOINT_PRODUCED: 3,
      ENDPOINTS_FROM_USER: 3,
      ENDPOINT_ENTERED: 1,
      ENDPOINT_OPT_OUT: 1,
      ENDPOINT_INACTIVE: 1,
    });
    await scene.put('out', 'premium', { OptOut: 'NONE' });
    await world.settle();
    expect(await scene.counts()).toMatchObject({ ENDPOINT_PRODUCED: 4, ENDPOINT_ENTERED: 2 });
  });
});

describe('an edit of the segment', () => {
  it('lets in who matches then, at once, and takes nothing from those inside', async () => {
    const scene = await start({ present: ['old'], change: (journey) => journey });
    await scene.put('new', 'free');
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1']);
    await editSegment(scene, 'free');
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1', 'new match:1']);
    await world.advance(5 * day);
    const { db } = world.deps;
    const steps = await db
      .selectFrom('journey_step')
      .innerJoin('journey_entry as entry', 'entry.id', 'journey_step.entry_id')
      .select(['journey_step.step', 'journey_step.reason'])
      .where('entry.user_id', '=', 'old')
      .where('entry.app_id', '=', scene.appId)
      .where('journey_step.step', '=', 'ReengagePush')
      .execute();
    expect(steps).toEqual([{ step: 'ReengagePush', reason: 'NO_ENDPOINT_ON_CHANNEL' }]);
  });

  it('counts through the segments made of it, and for a paused journey once it goes on', async () => {
    const scene = await start({ present: ['old'] });
    await scene.put('new', 'free');
    const inner = await createSegment(scene.appId, 'premium');
    await writeSegment(scene, {
      SegmentGroups: { Include: 'ALL', Groups: [{ SourceSegments: [{ Id: inner }], SourceType: 'ALL' }] },
    });
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1']);
    await scene.become('PAUSED');
    await editSegment({ ...scene, segmentId: inner }, 'free');
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1']);
    await scene.become('ACTIVE');
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1', 'new match:1']);
    await scene.put('late', 'premium');
    await world.settle();
    await editSegment({ ...scene, segmentId: inner }, 'free', 'premium');
    await world.settle();
    expect(await scene.entries()).toEqual(['old match:1', 'new match:1', 'late match:1']);
  });

  it('makes a new match of who is in it again after an edit that left them out', async () => {
    const scene = await start({ ...reentering({ EndpointReentryCap: 2 }), present: ['back'] });
    await world.settle();
    for (const plan of ['free', 'premium']) {
      await editSegment(scene, plan);
      await world.settle();
    }
    expect(await scene.entries()).toEqual(['back match:1', 'back match:2']);
  });

  it('or its deletion loses nobody: the step says why it wrote to nobody', async () => {
    const followUp = (journey: Parameters<typeof oneMail>[0]) => ({
      ...journey,
      Activities: {
        ...journey.Activities,
        CheckEngagement: { Wait: { WaitTime: { WaitFor: 'PT1H' }, NextActivity: 'EngagedFollowUp' } },
      },
    });
    const scene = await start({ present: ['kept'], change: followUp });
    await world.settle();
    const { appId: ApplicationId, segmentId: SegmentId } = scene;
    await world.client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId }));
    await world.advance(4 * day);
    const rows = await world.deps.db
      .selectFrom('journey_step')
      .select(['step', 'decision', 'reason'])
      .where('app_id', '=', scene.appId)
      .where('step', '=', 'EngagedFollowUp')
      .execute();
    expect(rows).toEqual([{ step: 'EngagedFollowUp', decision: 'skipped', reason: 'SEGMENT_DELETED' }]);
    const entry = await world.deps.db
      .selectFrom('journey_entry')
      .select('end_reason')
      .where('app_id', '=', scene.appId)
      .executeTakeFirst();
    expect(entry?.end_reason).toBe('COMPLETED');
  });
});

describe('members who are there when it is published', () => {
  it('enter, or count as entered already where that is asked for', async () => {
    const scene = await start({ present: ['there'], entry: { MembersNow: 'skip' } });
    await scene.put('later', 'premium');
    await world.settle();
    expect(await received(world, 'there')).toEqual([]);
    expect(await received(world, 'later')).toEqual(['EMAIL WelcomeEmail']);
    expect(await scene.counts()).toMatchObject({ ALREADY_ENTERED: 1, ENDPOINT_ENTERED: 1 });
    await scene.put('there', 'free');
    await world.settle();
    await scene.put('there', 'premium');
    await world.settle();
    expect(await received(world, 'there')).toEqual([]);
  });
});

describe('a start that lies ahead', () => {
  it('is at StartTime; its run is scheduled until then', async () => {
    const StartTime = new Date((await world.now()).getTime() + day);
    const scene = await start({
      present: ['early'],
      change: (journey) => ({ ...oneMail(journey), Schedule: { StartTime } }),
    });
    await world.advance(day - hour);
    expect(await scene.runs()).toEqual(['SCHEDULED']);
    expect(await scene.entries()).toEqual([]);
    await world.advance(2 * hour);
    expect(await scene.runs()).toEqual(['RUNNING']);
    expect(await scene.entries()).toEqual(['early match:1']);
  });
});
