import { type Activity, PutEventsCommand, type SimpleCondition } from '@aws-sdk/client-pinpoint';
import { type Onboarding, publishOnboarding, putUser, setUpOnboarding } from './onboarding.ts';
import type { World } from './world.ts';

export const welcome = (next?: string): Activity => ({
  EMAIL: { TemplateName: 'welcome-email-template', ...(next && { NextActivity: next }) },
});

export const push = (): Activity => ({ PUSH: { TemplateName: 'reengage-push-template' } });

/** A condition on events of the welcome e-mail. */
export const ofWelcome = (...types: string[]): SimpleCondition => ({
  EventCondition: {
    MessageActivity: 'Welcome',
    Dimensions: { EventType: { Values: types, DimensionType: 'INCLUSIVE' } },
  },
});

/** Publishes a journey of these steps, the first of which starts it, in an application of its own. */
export async function publishSteps(
  world: World,
  activities: Record<string, Activity>,
  app?: Onboarding,
): Promise<Onboarding> {
  const onboarding = app ?? (await setUpOnboarding(world));
  await publishOnboarding(world, onboarding, (journey) => ({
    ...journey,
    StartActivity: Object.keys(activities)[0],
    Activities: activities,
  }));
  return onboarding;
}

/** Has a user of both endpoints enter. */
export async function enter(world: World, { appId }: Onboarding, user: string): Promise<void> {
  await putUser(world, appId, user);
  await world.settle();
}

/** Brings an event of a user's phone by PutEvents. */
export async function putEvent(
  world: World,
  { appId }: Onboarding,
  user: string,
  event: { type: string; attributes?: Record<string, string>; metrics?: Record<string, number> },
): Promise<void> {
  const Timestamp = (await world.now()).toISOString();
  const { type, attributes, metrics } = event;
  await world.client.send(
    new PutEventsCommand({
      ApplicationId: appId,
      EventsRequest: {
        BatchItem: {
          [`${user}-iphone`]: {
            Endpoint: {},
            Events: { one: { EventType: type, Timestamp, Attributes: attributes, Metrics: metrics } },
          },
        },
      },
    }),
  );
}

/** What was recorded of an application's people, as `Step decision: reason`, and how their entries ended. */
export async function recorded(world: World, { appId }: Onboarding) {
  const { db } = world.deps;
  const steps = await db
    .selectFrom('journey_step')
    .select(['step', 'kind', 'decision', 'reason', 'at', 'entry_id'])
    .where('app_id', '=', appId)
    .orderBy('seq')
    .execute();
  const entries = await db
    .selectFrom('journey_entry')
    .select(['id', 'end_reason', 'ended_at', 'entered_at'])
    .where('app_id', '=', appId)
    .execute();
  return { steps, entries, told: steps.map(({ step, decision }) => `${step} ${decision}`) };
}

/** How often a user's workflow was woken by a signal. */
export async function wakesOf(world: World, user: string): Promise<number> {
  const id = world.startedWorkflows().find((workflowId) => workflowId.includes(`/${user}-`)) ?? '';
  const { events } = await world.temporal.workflow.getHandle(id).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}
