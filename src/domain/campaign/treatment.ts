/** Pinpoint's id of a campaign's default treatment: without A/B tests, that of every message. */
export const defaultTreatment = '0';
