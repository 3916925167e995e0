import { proxyActivities, sleep } from '@temporalio/workflow';

const { send } = proxyActivities<{ send(to: string): Promise<void> }>({ startToCloseTimeout: '12 s' });

/** The least that a participant's workflow can be: one message, then a wait. */
export async function floor(to: string): Promise<void> {
  await send(to);
  await sleep('1 day');
}
