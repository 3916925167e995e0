import type { SegmentResponse, WriteSegmentRequest } from '@aws-sdk/client-pinpoint';
import type { Config } from '../../config.ts';
import { parseSegmentDocument } from '../../contract/segment.ts';
import { checkTags } from '../../contract/tags.ts';
import { parseVersion } from '../../contract/version.ts';
import type { Tx } from '../../db/database.ts';
import { resourceIdOfCall } from '../../db/ids.ts';
import { sourceProblems } from '../../db/segments/segments.ts';
import {
  deleteSegment,
  findSegment,
  insertSegment,
  insertSegmentVersion,
  listSegments,
  listSegmentVersions,
  lockSegment,
  lockSources,
  type SegmentRow,
} from '../../db/segments/segmentVersions.ts';
import { arnOf } from '../../domain/arn.ts';
import { badRequest, notFound, refuseAny } from '../../domain/errors.ts';
import type { SegmentDocument } from '../../domain/segment/document.ts';
import { segmentChanged, segmentsMadeOf } from '../../ingest/journeys/segmentChanged.ts';
import { accountOf } from '../account.ts';
import type { Handlers } from '../handler.ts';
import { pageOf, parsePage } from '../pagination.ts';

export const segmentHandlers = {
  CreateSegment: async (
    { ApplicationId: appId = '', WriteSegmentRequest: request },
    { deps, invocationId },
  ) => {
    const document = parseSegmentDocument(request ?? {});
    const segment = {
      id: resourceIdOfCall('CreateSegment', appId, invocationId),
      name: request?.Name ?? null,
      document,
      tags: checkTags(request?.tags ?? {}),
    };
    const now = await deps.clock.now();
    const row = await deps.db.transaction().execute(async (tx) => {
      await checkSources(tx, appId, null, document);
      return await insertSegment(tx, appId, segment, now);
    });
    return { SegmentResponse: segmentResponse(appId, row, deps.config) };
  },

  /** Writes the next version. Name or definition stay as they are where the request leaves them out. */
  UpdateSegment: async ({ ApplicationId: appId = '', SegmentId: id = '', ...input }, { deps }) => {
    const request = input.WriteSegmentRequest ?? {};
    const document = parseSegmentDocument(request);
    const now = await deps.clock.now();
    const row = await deps.db.transaction().execute(async (tx) => {
      await checkSources(tx, appId, id, document);
      const before = found(await lockSegment(tx, appId, id), id);
      const changed = {
        name: request.Name ?? before.name,
        document: saysWho(request) ? document : before.document,
      };
      const after = await insertSegmentVersion(tx, appId, before, changed, now);
      await segmentChanged(tx, appId, id, now);
      return after;
    });
    return { SegmentResponse: segmentResponse(appId, row, deps.config) };
  },

  GetSegment: async ({ ApplicationId: appId = '', SegmentId: id = '' }, { deps }) => {
    const row = found(await findSegment(deps.db, appId, id), id);
    return { SegmentResponse: segmentResponse(appId, row, deps.config) };
  },

  GetSegmentVersion: async ({ ApplicationId: appId = '', SegmentId: id = '', Version }, { deps }) => {
    const version = parseVersion(Version) ?? 0;
    const row = found(await findSegment(deps.db, appId, id, version), `${id} with version ${Version}`);
    return { SegmentResponse: segmentResponse(appId, row, deps.config) };
  },

  GetSegments: async ({ ApplicationId: appId = '', ...input }, { deps }) => {
    const page = parsePage(input);
    const rows = await listSegments(deps.db, appId, page);
    const keyOf = (row: SegmentRow) => ({ createdAt: row.createdAt, id: row.id });
    const itemOf = (row: SegmentRow) => segmentResponse(appId, row, deps.config);
    return { SegmentsResponse: pageOf(rows, page, keyOf, itemOf) };
  },

  GetSegmentVersions: async ({ ApplicationId: appId = '', SegmentId: id = '', ...input }, { deps }) => {
    const page = parsePage(input);
    found(await findSegment(deps.db, appId, id), id);
    const rows = await listSegmentVersions(deps.db, appId, id, page);
    const keyOf = (row: SegmentRow) => ({ createdAt: row.versionCreatedAt, id: String(row.version) });
    const itemOf = (row: SegmentRow) => segmentResponse(appId, row, deps.config);
    return { SegmentsResponse: pageOf(rows, page, keyOf, itemOf) };
  },

  /** Refuses while another segment is made of it: that one would match nobody from then on. */
  DeleteSegment: async ({ ApplicationId: appId = '', SegmentId: id = '' }, { deps }) => {
    const row = await deps.db.transaction().execute(async (tx) => {
      await lockSources(tx, appId);
      const before = found(await lockSegment(tx, appId, id), id);
      const [, ...users] = await segmentsMadeOf(tx, appId, id);
      if (users.length > 0) {
        throw badRequest([{ path: 'SegmentId', message: `is a source of segment ${users.join(', ')}` }]);
      }
      await deleteSegment(tx, appId, id);
      return before;
    });
    return { SegmentResponse: segmentResponse(appId, row, deps.config) };
  },
} satisfies Handlers;

function found<T>(row: T | undefined, id: string): T {
  if (row === undefined) throw notFound(`segment ${id}`);
  return row;
}

function saysWho(request: WriteSegmentRequest): boolean {
  return request.Dimensions !== undefined || request.SegmentGroups !== undefined;
}

/** Checks the segments a document names, with none of the app's segments changing until this one is written. */
async function checkSources(
  tx: Tx,
  appId: string,
  id: string | null,
  document: SegmentDocument,
): Promise<void> {
  const groups = document.SegmentGroups?.Groups ?? [];
  if (groups.every((group) => !group.SourceSegments?.length)) return;
  await lockSources(tx, appId);
  const problems = await sourceProblems(tx, appId, id, document);
  refuseAny(problems);
}

/** The form that was sent is the form that is answered. */
function segmentResponse(appId: string, row: SegmentRow, config: Config): SegmentResponse {
  return {
    ApplicationId: appId,
    Arn: arnOf(accountOf(config), { kind: 'segment', appId, id: row.id }),
    CreationDate: row.createdAt.toISOString(),
    Id: row.id,
    LastModifiedDate: row.versionCreatedAt.toISOString(),
    ...(row.name === null ? {} : { Name: row.name }),
    ...(row.document as Pick<SegmentResponse, 'Dimensions' | 'SegmentGroups'>),
    SegmentType: row.type as SegmentResponse['SegmentType'],
    tags: row.tags,
    Version: row.version,
  };
}
