import type { WriteCampaignRequest } from '@aws-sdk/client-pinpoint';
import { parseCampaign } from '../../contract/campaign/campaign.ts';
import { tagsProblems } from '../../contract/tags.ts';
import type { Campaign } from '../../db/campaigns/campaigns.ts';
import type { Tx } from '../../db/database.ts';
import { loadSegmentTree } from '../../db/segments/segments.ts';
import type { CampaignMessages } from '../../domain/campaign/document.ts';
import { type Problem, RepointError } from '../../domain/errors.ts';
import { compileProblems } from '../../templates/check.ts';
import { missingTemplates } from './missingTemplates.ts';

/** What of a request is stored, and what its author should hear. */
export interface ReadCampaign extends Pick<Campaign, 'document' | 'segmentId' | 'segmentVersion'> {
  readonly warnings: readonly string[];
}

/**
 * Reads a campaign as it is to be: a new one, or a stored one with what its update says.
 * @throws RepointError BadRequest with every problem, of its tags too
 */
export async function readCampaignRequest(
  tx: Tx,
  appId: string,
  request: WriteCampaignRequest,
  tags: Readonly<Record<string, string>> = {},
): Promise<ReadCampaign> {
  const segment = await findSegment(tx, appId, request);
  const found = [
    ...textProblems(request.MessageConfiguration ?? {}),
    ...segment.problems,
    ...tagsProblems(tags),
  ];
  const { document, segmentId, warnings } = parseCampaign(request, found);
  if (segment.version === undefined)
    throw new RepointError('Internal', 'A campaign without a segment passed');
  const heard = [...warnings, ...(await missingTemplates(tx, document))];
  return { document, segmentId, segmentVersion: segment.version, warnings: heard };
}

interface FoundSegment {
  readonly version?: number;
  readonly problems: readonly Problem[];
}

/** The segment that a request names, or what is wrong with it; nothing of one that is not named as it has to be. */
async function findSegment(
  tx: Tx,
  appId: string,
  { SegmentId: id, SegmentVersion: version }: WriteCampaignRequest,
): Promise<FoundSegment> {
  if (!id || (version !== undefined && !(Number.isInteger(version) && version >= 1))) return { problems: [] };
  const segment = await loadSegmentTree(tx, appId, id, version);
  const refused = (message: string) => ({ problems: [{ path: 'SegmentId', message }] });
  if (segment === null)
    return refused(`there is no segment "${id}"${version === undefined ? '' : ` version ${version}`}`);
  return segment.fault === null ? { version: segment.version, problems: [] } : refused(segment.fault);
}

const messagesWithTexts = [
  'EmailMessage',
  'SMSMessage',
  'DefaultMessage',
  'APNSMessage',
  'GCMMessage',
  'ADMMessage',
  'BaiduMessage',
] as const satisfies readonly (keyof CampaignMessages)[];

/** Inline texts have variables as templates do, and like these are refused where they do not compile. */
function textProblems(messages: NonNullable<WriteCampaignRequest['MessageConfiguration']>): Problem[] {
  return messagesWithTexts.flatMap((name) =>
    compileProblems(messages[name] ?? {}).map(({ path, message }) => ({
      path: `MessageConfiguration.${name}.${path}`,
      message,
    })),
  );
}
