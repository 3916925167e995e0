import { Hono } from 'hono';
import { z } from 'zod';
import { changeApp, requireApp } from '../../../db/apps.ts';
import {
  type JourneyRow,
  lockJourney,
  requireJourney,
  setDraftEntry,
} from '../../../db/journeys/journeys.ts';
import type { Deps } from '../../../deps.ts';
import { RepointError } from '../../../domain/errors.ts';
import { entryModes } from '../../../domain/journey/entryRules.ts';
import { ownBody } from './ownBody.ts';

const mode = z.enum(entryModes).nullable();
const appRequest = z.strictObject({ Mode: mode });
const journeyRequest = z.strictObject({
  Mode: mode.default(null),
  MembersNow: z.enum(['enter', 'skip']).default('enter'),
});

/**
 * `/apps/{id}/journey-entry` and, of a draft, `/apps/{id}/journeys/{id}/entry`: whether members of the segment enter
 * whenever they come to match (`live`) or as Pinpoint did (`original`). `MembersNow: skip`: who matches when the draft is
 * published counts as entered already. Null: as the app, else REPOINT_ENTRY, says.
 */
export function journeyEntryRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/journey-entry', async (context) => {
    const app = await requireApp(deps.db, context.req.param('appId'));
    return context.json({ Mode: app.entry_mode });
  });
  routes.put('/apps/:appId/journey-entry', async (context) => {
    const appId = context.req.param('appId');
    const { Mode } = await ownBody(context, appRequest);
    await changeApp(deps.db, appId, { entry_mode: Mode }, await deps.clock.now());
    return context.json({ Mode });
  });
  routes.get('/apps/:appId/journeys/:journeyId/entry', async (context) => {
    const { appId, journeyId } = context.req.param();
    const journey = await requireJourney(deps.db, appId, journeyId);
    return context.json({ Mode: journey.entry_mode, MembersNow: journey.skips_present ? 'skip' : 'enter' });
  });
  routes.put('/apps/:appId/journeys/:journeyId/entry', async (context) => {
    const { appId, journeyId } = context.req.param();
    const { Mode, MembersNow } = await ownBody(context, journeyRequest);
    await deps.db.transaction().execute(async (tx) => {
      const journey = await lockJourney(tx, appId, journeyId);
      if (journey.state !== 'DRAFT') throw tooLate(journey);
      await setDraftEntry(tx, journey, { mode: Mode, skipsPresent: MembersNow === 'skip' });
    });
    return context.json({ Mode, MembersNow });
  });
  return routes;
}

function tooLate({ id, state }: JourneyRow): RepointError {
  return new RepointError('Conflict', `journey ${id} is ${state}; how people enter is settled in a DRAFT`);
}
