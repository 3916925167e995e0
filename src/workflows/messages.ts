import { defineSignal } from '@temporalio/workflow';

/** "Look again": carries nothing, because Postgres decides. */
export const wake = defineSignal('wake');

/** A campaign was changed: "look again" for a run that sleeps until its start. */
export const campaignChanged = defineSignal('campaignChanged');
