export { campaignRun } from './campaignRun.ts';
export { journey } from './journey.ts';
export { journeyLife } from './journeyLife.ts';
