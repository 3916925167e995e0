import { expect } from 'vitest';
import type { Caller } from '../../support/caller.ts';
import type { LocalBucket } from '../../support/localBucket.ts';
import type { World } from '../../support/world.ts';

/** One way through the tutorial: what its steps share, and what each leaves to the ones after it. */
export interface TutorialScene {
  readonly world: World;
  readonly bucket: LocalBucket;
  ApplicationId: string;
  SegmentId: string;
  readonly call: Caller['call'];
  readonly refusal: Caller['refusal'];
}

export const someDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const hexId = /^[0-9a-f]{32}$/;
export const arnOf = (path: string) =>
  expect.stringMatching(new RegExp(`^arn:aws:mobiletargeting:us-east-1:\\d{12}:${path}$`));

/** What a person, or a campaign, got through this way's application. */
export async function received(
  { world, ApplicationId }: TutorialScene,
  by: { to?: string; campaignId?: string },
) {
  const messages = await world.mailbox.messages(by.to === undefined ? {} : { to: by.to });
  return messages.filter(
    (message) =>
      message.appId === ApplicationId &&
      (by.campaignId === undefined || message.campaignId === by.campaignId),
  );
}
