import {
  GetJourneyCommand,
  GetJourneyRunsCommand,
  PutEventsCommand,
  UpdateEndpointCommand,
  UpdateJourneyCommand,
  UpdateJourneyStateCommand,
  type WriteJourneyRequest,
} from '@aws-sdk/client-pinpoint';
import { readRunCounts } from '../../src/db/journeys/journeyRuns.ts';
import { type Onboarding, publishOnboarding, setUpOnboarding } from './onboarding.ts';
import { callSigned } from './signedRequest.ts';
import type { World } from './world.ts';

/** An application with people, and one journey that writes to whoever enters it. */
export interface EntryScene extends Onboarding {
  readonly journeyId: string;
  /** A person of one e-mail endpoint `{user}-email`, on a plan; later calls change them. */
  put(user: string, plan: 'premium' | 'free', more?: object): Promise<void>;
  event(user: string, type: string, more?: object): Promise<void>;
  become(state: 'PAUSED' | 'ACTIVE' | 'CANCELLED'): Promise<void>;
  state(): Promise<string | undefined>;
  /** Who entered and why, in order: `ann match:1`. */
  entries(): Promise<string[]>;
  /** What was counted, of all runs. */
  counts(): Promise<Record<string, number>>;
  /** The runs' statuses, oldest first. */
  runs(): Promise<(string | undefined)[]>;
}

export interface SceneOptions {
  /** How people enter: settled in the draft before it is published. */
  readonly entry?: { readonly Mode?: 'live' | 'original'; readonly MembersNow?: 'enter' | 'skip' };
  /** People who are there, on plan premium, before it is published. */
  readonly present?: readonly string[];
  readonly change?: (journey: WriteJourneyRequest) => WriteJourneyRequest;
}

/** One e-mail and nothing more: whoever enters is through at once. */
export function oneMail(journey: WriteJourneyRequest): WriteJourneyRequest {
  const { WelcomeEmail } = journey.Activities ?? {};
  const email = { ...WelcomeEmail?.EMAIL, NextActivity: undefined };
  return { ...journey, Activities: { WelcomeEmail: { EMAIL: email } } };
}

export async function startEntryScene(world: World, options: SceneOptions = {}): Promise<EntryScene> {
  const onboarding = await setUpOnboarding(world);
  const { appId } = onboarding;
  const put: EntryScene['put'] = async (user, plan, more = {}) => {
    await world.client.send(
      new UpdateEndpointCommand({
        ApplicationId: appId,
        EndpointId: `${user}-email`,
        EndpointRequest: {
          Address: `${user}@example.com`,
          ChannelType: 'EMAIL',
          User: { UserId: user, UserAttributes: { Plan: [plan] } },
          ...more,
        },
      }),
    );
  };
  for (const user of options.present ?? []) await put(user, 'premium');
  const journeyId = await publish(world, onboarding, options);
  const key = { ApplicationId: appId, JourneyId: journeyId };
  return {
    ...onboarding,
    journeyId,
    put,
    event: async (user, EventType, more = {}) => {
      const event = { EventType, Timestamp: (await world.now()).toISOString(), ...more };
      const BatchItem = { [`${user}-email`]: { Endpoint: {}, Events: { e: event } } };
      await world.client.send(new PutEventsCommand({ ApplicationId: appId, EventsRequest: { BatchItem } }));
    },
    become: async (State) => {
      await world.client.send(new UpdateJourneyStateCommand({ ...key, JourneyStateRequest: { State } }));
    },
    state: async () => (await world.client.send(new GetJourneyCommand(key))).JourneyResponse?.State,
    entries: async () => {
      const rows = await world.deps.db
        .selectFrom('journey_entry')
        .select(['user_id', 'cause'])
        .where('app_id', '=', appId)
        .orderBy('entered_at')
        .orderBy('user_id')
        .orderBy('id')
        .execute();
      return rows.map(({ user_id, cause }) => `${user_id} ${cause.replace(/^(run|event):.*/, '$1')}`);
    },
    counts: () => readRunCounts(world.deps.db, { appId, journeyId }),
    runs: async () => {
      const { JourneyRunsResponse } = await world.client.send(new GetJourneyRunsCommand(key));
      return (JourneyRunsResponse?.Item ?? []).map((run) => run.Status).toReversed();
    },
  };
}

async function publish(world: World, onboarding: Onboarding, options: SceneOptions): Promise<string> {
  const change = options.change ?? oneMail;
  if (options.entry === undefined) return await publishOnboarding(world, onboarding, change);
  let written: WriteJourneyRequest | undefined;
  const journeyId = await publishOnboarding(world, onboarding, (journey) => {
    written = change(journey);
    return { ...written, State: 'DRAFT' };
  });
  const target = `/repoint/v1/apps/${onboarding.appId}/journeys/${journeyId}/entry`;
  const answer = await callSigned(world.url, { method: 'PUT', target, body: JSON.stringify(options.entry) });
  if (answer.status !== 200) throw new Error(answer.body);
  await world.client.send(
    new UpdateJourneyCommand({
      ApplicationId: onboarding.appId,
      JourneyId: journeyId,
      WriteJourneyRequest: { Name: 'Journey', ...written, State: 'ACTIVE' },
    }),
  );
  return journeyId;
}
