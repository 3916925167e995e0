import { describe, expect, it } from 'vitest';
import { branchOfLot, draw } from '../../src/domain/journey/draw.ts';
import { day, hour, received } from '../support/onboarding.ts';
import { enter, ofWelcome, publishSteps, push, recorded, welcome } from '../support/splits.ts';
import { useTutorialWorld } from '../support/tutorialWorld.ts';

const world = useTutorialWorld();

const wait = (time: object, next?: string) => ({
  Wait: { WaitTime: time, ...(next && { NextActivity: next }) },
});
const onDay = { WaitFor: 'P1D' };

describe('a RandomSplit', () => {
  it('sends each person where their lot falls, records what was drawn, and ends them in Postgres', async () => {
    const app = await publishSteps(world, {
      Wait: wait(onDay, 'Pick'),
      Pick: {
        RandomSplit: {
          Branches: [
            { Percentage: 40, NextActivity: 'Mail' },
            { Percentage: 30, NextActivity: 'Push' },
            { Percentage: 30 },
          ],
        },
      },
      Mail: welcome(),
      Push: push(),
    });
    const users = Array.from({ length: 12 }, (_, i) => `lot${i}`);
    for (const user of users) await enter(world, app, user);
    await world.advance(day + hour);
    const { steps, entries } = await recorded(world, app);
    const picks = steps.filter(({ step }) => step === 'Pick');
    expect(picks).toHaveLength(users.length);
    for (const pick of picks) {
      const lot = draw(pick.entry_id, 'Pick');
      const branch = branchOfLot(lot, [40, 30, 30]);
      expect(pick).toMatchObject({
        kind: 'random',
        decision: `branch ${branch + 1}`,
        reason: `drew ${lot} of 0 to 99`,
      });
      const after = steps.filter((one) => one.entry_id === pick.entry_id).map(({ step }) => step);
      expect(after).toEqual(['Wait', 'Pick', ...([['Mail'], ['Push'], []][branch] as string[])]);
    }
    expect(entries.map((entry) => entry.end_reason)).toEqual(users.map(() => 'COMPLETED'));
    for (const entry of entries)
      expect(Number(entry.ended_at) - Number(entry.entered_at)).toBeGreaterThanOrEqual(day);
  });

  it('lets a split behind it listen from the start, as one behind a wait does', async () => {
    const branches = [50, 50].map((Percentage) => ({ Percentage, NextActivity: 'Check' }));
    const app = await publishSteps(world, {
      Welcome: welcome('Pick'),
      Pick: { RandomSplit: { Branches: branches } },
      Check: {
        ConditionalSplit: {
          Condition: { Operator: 'ALL', Conditions: [ofWelcome('_email.open')] },
          EvaluationWaitTime: onDay,
          FalseActivity: 'Push',
        },
      },
      Push: push(),
    });
    await enter(world, app, 'behind');
    const [watch] = await world.deps.db
      .selectFrom('event_watch')
      .select('active_from')
      .where('app_id', '=', app.appId)
      .execute();
    expect(watch?.active_from).not.toBeNull();
    await world.advance(2 * day);
    expect((await recorded(world, app)).told).toEqual([
      'Welcome sent',
      expect.stringMatching(/^Pick branch [12]$/),
      'Check no',
      'Push sent',
    ]);
  });
});

describe('a Holdout', () => {
  it('of 100 lets everybody leave, when the waits before it are over, as HOLDOUT', async () => {
    const app = await publishSteps(world, {
      Wait: wait(onDay, 'Hold'),
      Hold: { Holdout: { Percentage: 100, NextActivity: 'Mail' } },
      Mail: welcome(),
    });
    await enter(world, app, 'held');
    await world.advance(day - hour);
    expect((await recorded(world, app)).entries[0]?.end_reason).toBeNull();
    await world.advance(2 * hour);
    const { steps, entries } = await recorded(world, app);
    expect(entries[0]?.end_reason).toBe('HOLDOUT');
    expect(steps.at(-1)).toMatchObject({ step: 'Hold', kind: 'holdout', decision: 'held out' });
    expect(await received(world, 'held')).toEqual([]);
  });

  it('of 0 lets nobody leave', async () => {
    const app = await publishSteps(world, {
      Hold: { Holdout: { Percentage: 0, NextActivity: 'Mail' } },
      Mail: welcome(),
    });
    await enter(world, app, 'kept');
    expect(await received(world, 'kept')).toEqual(['EMAIL Mail']);
    expect((await recorded(world, app)).told).toEqual(['Hold passed', 'Mail sent']);
  });
});

describe('steps that do nothing', () => {
  it('are recorded as skipped with the reason, and people go on', async () => {
    const app = await publishSteps(world, {
      Past: wait({ WaitUntil: '2020-01-01T00:00:00Z' }, 'Call'),
      Call: { ContactCenter: { NextActivity: 'Mail' } },
      Mail: welcome('Again'),
      Again: wait({ WaitUntil: '2020-01-01T00:00:00Z' }),
    });
    await enter(world, app, 'goeson');
    expect(await received(world, 'goeson')).toEqual(['EMAIL Mail']);
    const { steps, entries } = await recorded(world, app);
    expect(steps.map(({ step, decision, reason }) => [step, decision, reason])).toEqual([
      ['Past', 'skipped', 'WAIT_SKIPPED'],
      ['Call', 'skipped', 'CONTACT_CENTER_NOT_SUPPORTED'],
      ['Mail', 'sent', null],
      ['Again', 'skipped', 'WAIT_SKIPPED'],
    ]);
    expect(entries[0]?.end_reason).toBe('COMPLETED');
  });
});
