import { UpdateSegmentCommand } from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { type EntryScene, oneMail, startEntryScene } from '../support/entryScene.ts';
import { day, hour } from '../support/onboarding.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

/** A journey as the original ran it, with `first` as a member at its start. */
async function start(refresh: { RefreshFrequency?: string; RefreshOnSegmentUpdate?: boolean }) {
  return await startEntryScene(world, {
    present: ['first'],
    entry: { Mode: 'original' },
    change: (journey) => ({ ...oneMail(journey), ...refresh, Limits: { EndpointReentryCap: 2 } }),
  });
}

/** From now on the segment is that of plan free. */
async function edit({ appId, segmentId }: EntryScene): Promise<void> {
  const Dimensions = { UserAttributes: { Plan: { AttributeType: 'INCLUSIVE' as const, Values: ['free'] } } };
  const request = { ApplicationId: appId, SegmentId: segmentId, WriteSegmentRequest: { Dimensions } };
  await world.client.send(new UpdateSegmentCommand(request));
}

describe('entry as the original had it', () => {
  it.each([false, true])(
    'without refreshes takes in who is there at the start, closes and is complete (updates: %s)',
    async (RefreshOnSegmentUpdate) => {
      const scene = await start({ RefreshOnSegmentUpdate });
      await world.settle();
      await scene.put('later', 'premium');
      await scene.put('freed', 'free');
      await edit(scene);
      await world.advance(hour);
      expect(await scene.entries()).toEqual(['first run']);
      expect(await scene.state()).toBe('COMPLETED');
      expect(await scene.runs()).toEqual(['COMPLETED']);
    },
  );

  it('without refreshes counts an edit while it still takes people in, where that is asked for', async () => {
    const Schedule = { StartTime: new Date((await world.now()).getTime() + day) };
    const scene = await startEntryScene(world, {
      present: ['first'],
      entry: { Mode: 'original' },
      change: (journey) => ({ ...oneMail(journey), Schedule, RefreshOnSegmentUpdate: true }),
    });
    const frozen = await startEntryScene(world, {
      present: ['first'],
      entry: { Mode: 'original' },
      change: (journey) => ({ ...oneMail(journey), Schedule }),
    });
    for (const each of [scene, frozen]) {
      await each.put('freed', 'free');
      await edit(each);
    }
    await world.advance(day + hour);
    expect(await scene.entries()).toEqual(['freed run']);
    expect(await frozen.entries()).toEqual(['first run']);
  });

  it('with refreshes takes in at each whoever matches the definition it was published with', async () => {
    const scene = await start({ RefreshFrequency: 'PT12H' });
    await world.settle();
    await scene.put('later', 'premium');
    await scene.put('freed', 'free');
    await edit(scene);
    await world.advance(hour);
    expect(await scene.entries()).toEqual(['first run']);
    expect(await scene.state()).toBe('ACTIVE');
    await scene.put('first', 'free');
    await world.advance(12 * hour);
    await world.settle();
    expect(await scene.entries()).toEqual(['first run', 'later run']);
    await world.advance(12 * hour);
    await world.settle();
    expect(await scene.entries()).toEqual(['first run', 'later run', 'later run']);
    await world.advance(12 * hour);
    await world.settle();
    expect(await scene.entries()).toHaveLength(3);
    expect(await scene.counts()).toMatchObject({ ENDPOINT_ENTERED: 3, REENTRY_CAP_EXCEEDED: 1 });
    expect(await scene.runs()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'RUNNING']);
  });

  it('with refreshes on updates takes in at once, in a run of its own, who matches the new definition', async () => {
    const scene = await start({ RefreshFrequency: 'PT12H', RefreshOnSegmentUpdate: true });
    await world.settle();
    await scene.put('freed', 'free');
    await world.advance(hour);
    expect(await scene.entries()).toEqual(['first run']);
    await edit(scene);
    await world.settle();
    expect(await scene.entries()).toEqual(['first run', 'freed run']);
    expect(await scene.runs()).toEqual(['COMPLETED', 'RUNNING']);
    await scene.put('second', 'free');
    await world.advance(12 * hour);
    await world.settle();
    expect(await scene.entries()).toEqual(['first run', 'freed run', 'freed run', 'second run']);
  });
});
