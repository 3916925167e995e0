import { defineSignal } from '@temporalio/workflow';

/** "Look again": carries nothing, because Postgres decides. */
export const wake = defineSignal('wake');
