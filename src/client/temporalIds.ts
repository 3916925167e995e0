import { createHmac } from 'node:crypto';
import type { Config } from '../config.ts';

/** Whether Temporal hears people's own ids, or a keyed hash of them. */
export type IdSettings = Pick<Config, 'REPOINT_HASH_IDS' | 'REPOINT_HASH_KEY'>;

/** 132 bits, as base64url. */
const HASH_LENGTH = 22;
/** An endpoint's id may hold slashes; the ids around it do not. */
const journeyForm = /^journey\/([^/]+)\/(.*)\/([^/]+)$/s;

/** An endpoint's or user's id as Temporal hears it: the same for the same id and key. */
export function temporalId({ REPOINT_HASH_IDS, REPOINT_HASH_KEY }: IdSettings, id: string): string {
  if (!REPOINT_HASH_IDS) return id;
  return createHmac('sha256', REPOINT_HASH_KEY ?? '')
    .update(id)
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}

/** A workflow's id as Temporal hears it. Postgres keeps the one with the endpoint's own id. */
export function temporalWorkflowId(settings: IdSettings, workflowId: string): string {
  const [, journeyId, endpointId, entryId] = journeyForm.exec(workflowId) ?? [];
  if (endpointId === undefined) return workflowId;
  return `journey/${journeyId}/${temporalId(settings, endpointId)}/${entryId}`;
}

/** Tells settings apart without telling the key. */
export function fingerprintOf(settings: IdSettings): string {
  return settings.REPOINT_HASH_IDS ? temporalId(settings, 'repoint: which key is it?') : 'as they are';
}
