/** Ids only: who gets what stays in Postgres. */
export interface CampaignVersionInput {
  readonly appId: string;
  readonly campaignId: string;
  /** The version this workflow runs; a newer one has a workflow of its own. */
  readonly version: number;
}

export interface CampaignRunInput extends CampaignVersionInput {
  readonly runId: string;
}

export type CampaignOpening =
  /** Ask again at this instant (epoch milliseconds): the start has not come. */
  | { readonly is: 'wait'; readonly until: number }
  | { readonly is: 'open'; readonly runId: string }
  /** Paused, deleted, or a newer version's affair. */
  | { readonly is: 'stopped' };

/** Why a run ends. */
export type CampaignEnd = 'finished' | 'expired' | 'segmentDeleted';

export type CampaignPage = { readonly is: 'more' | 'stopped' } | { readonly is: CampaignEnd };

/** The activities of the campaign workflow. */
export interface CampaignRunActivities {
  /** Begins the run, or goes on with the one that an earlier version began, once its start has come. */
  openCampaignRun(input: CampaignVersionInput): Promise<CampaignOpening>;
  /** Sends to some of those who are still to be reached. Fails, to be asked again, while somebody has to wait. */
  sendCampaignPage(input: CampaignRunInput): Promise<CampaignPage>;
  /** Settles whoever is left and ends the run. */
  closeCampaignRun(input: CampaignRunInput & { readonly end: CampaignEnd }): Promise<void>;
}
