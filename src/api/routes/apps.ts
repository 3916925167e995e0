import type { ApplicationResponse } from '@aws-sdk/client-pinpoint';
import type { Config } from '../../config.ts';
import { checkTags } from '../../contract/tags.ts';
import { type AppRow, insertApp, listApps, requireApp } from '../../db/apps.ts';
import { deleteApp } from '../../db/deleteApp.ts';
import { resourceIdOfCall } from '../../db/ids.ts';
import { arnOf } from '../../domain/arn.ts';
import { badRequest } from '../../domain/errors.ts';
import { accountOf } from '../account.ts';
import type { Handlers } from '../handler.ts';
import { pageOf, parsePage } from '../pagination.ts';

export const appHandlers = {
  CreateApp: async (input, { deps, invocationId }) => {
    const request = input.CreateApplicationRequest;
    const name = request?.Name ?? '';
    if (name.trim() === '') throw badRequest([{ path: 'Name', message: 'must not be empty' }]);
    const id = resourceIdOfCall('CreateApp', '', invocationId);
    const app = { id, name, tags: checkTags(request?.tags ?? {}) };
    const row = await insertApp(deps.db, app, await deps.clock.now());
    return { ApplicationResponse: applicationResponse(row, deps.config) };
  },

  GetApp: async (input, { deps }) => {
    const row = await requireApp(deps.db, input.ApplicationId ?? '');
    return { ApplicationResponse: applicationResponse(row, deps.config) };
  },

  GetApps: async (input, { deps }) => {
    const page = parsePage(input);
    const rows = await listApps(deps.db, page);
    const keyOf = (row: AppRow) => ({ createdAt: row.created_at, id: row.id });
    return {
      ApplicationsResponse: pageOf(rows, page, keyOf, (row) => applicationResponse(row, deps.config)),
    };
  },

  DeleteApp: async (input, { deps }) => {
    const now = await deps.clock.now();
    const row = await deps.db.transaction().execute((tx) => deleteApp(tx, input.ApplicationId ?? '', now));
    return { ApplicationResponse: applicationResponse(row, deps.config) };
  },
} satisfies Handlers;

function applicationResponse(row: AppRow, config: Config): ApplicationResponse {
  return {
    Arn: arnOf(accountOf(config), { kind: 'app', appId: row.id }),
    CreationDate: row.created_at.toISOString(),
    Id: row.id,
    Name: row.name,
    tags: row.tags,
  };
}
