import type { CampaignResponse } from '@aws-sdk/client-pinpoint';
import { parseVersion } from '../../../contract/version.ts';
import { type CampaignRun, countOutcomes, listRuns } from '../../../db/campaigns/campaignRuns.ts';
import {
  type Campaign,
  listCampaigns,
  listCampaignVersions,
  readCampaign,
} from '../../../db/campaigns/campaigns.ts';
import type { Queryable } from '../../../db/database.ts';
import { resourceIdOfCall } from '../../../db/ids.ts';
import { notFound } from '../../../domain/errors.ts';
import {
  type CampaignKey,
  createCampaign,
  deleteCampaign,
  type SavedCampaign,
  updateCampaign,
} from '../../../ingest/campaigns/saveCampaign.ts';
import { settleDeleted, waitForCalls } from '../../../ingest/campaigns/stopCampaign.ts';
import type { Call, Handlers } from '../../handler.ts';
import { pageOf, parsePage } from '../../pagination.ts';
import { activityResponse, campaignResponse } from './campaignResponse.ts';

interface CampaignInput {
  readonly ApplicationId: string | undefined;
  readonly CampaignId: string | undefined;
}

const keyOf = ({ ApplicationId, CampaignId }: CampaignInput): CampaignKey => ({
  appId: ApplicationId ?? '',
  id: CampaignId ?? '',
});

const goesOn = 'IsPaused false has it go on after those it has reached';

export const campaignHandlers = {
  CreateCampaign: async (input, call) => {
    const { tags, ...request } = input.WriteCampaignRequest ?? {};
    const appId = input.ApplicationId ?? '';
    const key = { appId, id: resourceIdOfCall('CreateCampaign', appId, call.invocationId) };
    const now = await call.deps.clock.now();
    const saved = await call.deps.db
      .transaction()
      .execute((tx) => createCampaign(tx, key, request, tags ?? {}, now));
    return { CampaignResponse: tell(saved, call) };
  },

  GetCampaign: async (input, { deps, hint }) => {
    const campaign = await find(deps.db, keyOf(input));
    const { pausedBecause: reason } = campaign;
    if (reason !== null)
      hint(`State: ${reason}: its workflow was ended in Temporal, so it is paused; ${goesOn}`);
    return { CampaignResponse: campaignResponse(campaign, deps.config) };
  },

  GetCampaigns: async (input, { deps }) => {
    const page = parsePage(input);
    const rows = await listCampaigns(deps.db, input.ApplicationId ?? '', page);
    const sortedBy = ({ createdAt, id }: Campaign) => ({ createdAt, id });
    return { CampaignsResponse: pageOf(rows, page, sortedBy, (row) => campaignResponse(row, deps.config)) };
  },

  UpdateCampaign: async (input, call) => {
    const key = keyOf(input);
    const { tags: _, ...request } = input.WriteCampaignRequest ?? {};
    const now = await call.deps.clock.now();
    const saved = await call.deps.db.transaction().execute((tx) => updateCampaign(tx, key, request, now));
    if (saved.campaign.state === 'PAUSED') await waitForCalls(call.deps, key);
    return { CampaignResponse: tell(saved, call) };
  },

  DeleteCampaign: async (input, { deps }) => {
    const key = keyOf(input);
    const now = await deps.clock.now();
    const campaign = await deps.db.transaction().execute((tx) => deleteCampaign(tx, key, now));
    await settleDeleted(deps, key);
    return { CampaignResponse: campaignResponse(campaign, deps.config) };
  },

  GetCampaignVersion: async (input, { deps }) => {
    const version = parseVersion(input.Version) ?? 0;
    const campaign = await find(deps.db, keyOf(input), version);
    return { CampaignResponse: campaignResponse(campaign, deps.config) };
  },

  GetCampaignVersions: async (input, { deps }) => {
    const key = keyOf(input);
    await find(deps.db, key);
    const page = parsePage(input);
    const rows = await listCampaignVersions(deps.db, key.appId, key.id, page);
    const sortedBy = ({ modifiedAt, version }: Campaign) => ({ createdAt: modifiedAt, id: String(version) });
    return { CampaignsResponse: pageOf(rows, page, sortedBy, (row) => campaignResponse(row, deps.config)) };
  },

  GetCampaignActivities: async (input, { deps }) => {
    const key = keyOf(input);
    await find(deps.db, key);
    const page = parsePage(input);
    const rows = await listRuns(deps.db, key.appId, key.id, page);
    const counted = await Promise.all(
      rows.map(async (run) => ({
        run,
        outcomes: run.outcomes ?? (await countOutcomes(deps.db, key.appId, run.id)),
      })),
    );
    const sortedBy = ({ run }: { run: CampaignRun }) => ({ createdAt: run.started_at, id: run.id });
    return {
      ActivitiesResponse: pageOf(counted, page, sortedBy, ({ run, outcomes }) =>
        activityResponse(run, outcomes),
      ),
    };
  },
} satisfies Handlers;

function tell({ campaign, warnings }: SavedCampaign, { deps, warn }: Call): CampaignResponse {
  for (const warning of warnings) warn(warning);
  return campaignResponse(campaign, deps.config);
}

/** A deleted campaign can still be read, and tells what became of it. */
async function find(db: Queryable, { appId, id }: CampaignKey, version?: number): Promise<Campaign> {
  const campaign = await readCampaign(db, appId, id, version);
  if (campaign === undefined) {
    throw notFound(version === undefined ? `campaign ${id}` : `version ${version} of campaign ${id}`);
  }
  return campaign;
}
