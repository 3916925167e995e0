import { beforeAll, describe } from 'vitest';
import { type Caller, callers } from '../support/caller.ts';
import { useLocalBucket } from '../support/localBucket.ts';
import { tutorial, tutorialText } from '../support/tutorial.ts';
import { useWorld } from '../support/world.ts';
import { endpointSteps } from './steps/endpointSteps.ts';
import { messageSteps } from './steps/messageSteps.ts';
import { projectSteps } from './steps/projectSteps.ts';
import type { TutorialScene } from './steps/scene.ts';
import { segmentSteps } from './steps/segmentSteps.ts';

const bucket = useLocalBucket();
const world = useWorld(() => ({ deps: { files: bucket.files } }));
beforeAll(() => bucket.put('endpoints/users.json', tutorialText('users')));

/** The steps of the tutorial but its sixth, in order: each goes on from what the ones before have left. */
describe.each(callers)('the tutorial through %s', (_, callerAt) => {
  let caller: Caller;
  const call: Caller['call'] = (operation, input) => caller.call(operation, input);
  const refusal: Caller['refusal'] = (operation, input) => caller.refusal(operation, input);
  const scene: TutorialScene = { world, bucket, call, refusal, ApplicationId: '', SegmentId: '' };
  beforeAll(async () => {
    caller = callerAt(world);
    const created = await call('CreateApp', { CreateApplicationRequest: tutorial('01-create-app') });
    scene.ApplicationId = created.ApplicationResponse?.Id ?? '';
  });

  projectSteps(scene);
  endpointSteps(scene);
  segmentSteps(scene);
  messageSteps(scene);
});
