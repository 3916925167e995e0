export { campaignRun } from './campaignRun.ts';
export { importJob } from './importJob.ts';
export { journey } from './journey.ts';
export { journeyLife } from './journeyLife.ts';
