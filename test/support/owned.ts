import {
  CreateCampaignCommand,
  CreateImportJobCommand,
  type PinpointClient,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import { tutorial } from './tutorial.ts';

export interface CampaignKey {
  readonly ApplicationId: string;
  readonly CampaignId: string;
}

/** The tutorial's campaign without its limits, changed as a test needs it. */
export async function createCampaign(
  client: PinpointClient,
  ApplicationId: string,
  change: WriteCampaignRequest,
): Promise<CampaignKey> {
  const { Limits: _, ...printed } = tutorial('05-create-campaign');
  const request = { ApplicationId, WriteCampaignRequest: { ...printed, ...change } };
  const { CampaignResponse } = await client.send(new CreateCampaignCommand(request));
  return { ApplicationId, CampaignId: CampaignResponse?.Id ?? '' };
}

/** The tutorial's import job; answers its id. */
export async function createImport(client: PinpointClient, ApplicationId: string): Promise<string> {
  const request = { ApplicationId, ImportJobRequest: tutorial('03-create-import-job') };
  return (await client.send(new CreateImportJobCommand(request))).ImportJobResponse?.Id ?? '';
}
