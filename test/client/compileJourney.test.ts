import { expect, test } from 'vitest';
import { compileJourney } from '../../src/client/compileJourney.ts';
import { tutorial } from '../support/tutorial.ts';

test("the tutorial's printed journey compiles to its plan and canonical form, under 1 KB, a draft as well", () => {
  const { document, plan, warnings } = compileJourney({
    ...tutorial('06-create-journey-completed'),
    State: 'DRAFT',
  });
  expect(Object.keys(plan.steps)).toHaveLength(5);
  expect(JSON.stringify(plan).length).toBeLessThan(1024);
  expect(document.StartActivity).toBe('WelcomeEmail');
  expect(warnings).toContain('Activities.Wait3Days.Wait.WaitTime.WaitFor: "3d" read as P3D');
});

test('the time scale divides its durations', () => {
  const { plan } = compileJourney(tutorial('06-create-journey-canonical'), { timeScale: 86_400 });
  expect(plan.steps.Wait3Days).toEqual({ k: 'wait', t: { for: 3000 }, next: 'CheckEngagement' });
});

test('a Schedule may hold Dates, as the AWS SDK types it', () => {
  const EndTime = new Date('2999-01-01T00:00:00Z');
  const { document } = compileJourney({ ...tutorial('06-create-journey-canonical'), Schedule: { EndTime } });
  expect(document.Schedule).toEqual({ EndTime: '2999-01-01T00:00:00.000Z' });
});

test('members that are unknown are a warning, of a wrong type a refusal with the path', () => {
  const journey = tutorial('06-create-journey-canonical');
  expect(compileJourney({ ...journey, Colour: 1 }).warnings.join()).toContain('Colour');
  expect(() => compileJourney({ ...journey, LocalTime: 'yes' })).toThrow('LocalTime: must be true or false');
});
