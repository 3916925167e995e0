import { Hono } from 'hono';
import { z } from 'zod';
import { instant } from '../../../contract/fields.ts';
import { parseWith } from '../../../contract/zodProblems.ts';
import { requireApp } from '../../../db/apps.ts';
import { type MessageDetails, readMessage } from '../../../db/messages/messageDetails.ts';
import {
  countMessages,
  type ListedMessage,
  listMessages,
  type MessageFilter,
  messageKey,
} from '../../../db/messages/messageList.ts';
import type { MessageState } from '../../../db/tables/messages.ts';
import type { Deps } from '../../../deps.ts';
import { notFound } from '../../../domain/errors.ts';
import { type ClaimTime, formatMessageId, parseMessageId } from '../../../sending/ledger.ts';
import { whatNext } from '../../../sending/whatNext.ts';
import { pageOf, parsePage } from '../../pagination.ts';

const states = [
  'queued',
  'claimed',
  'sent',
  'delivered',
  'failed',
  'skipped',
  'unknown',
] as const satisfies readonly MessageState[];

const filterQuery = {
  state: z.enum(states).optional(),
  journey: z.string().optional(),
  campaign: z.string().optional(),
  endpoint: z.string().optional(),
  since: instant.optional(),
};
const countQuery = z.strictObject(filterQuery);
const listQuery = z.strictObject({
  ...filterQuery,
  'page-size': z.string().optional(),
  token: z.string().optional(),
});

/** A message as Repoint tells of it; what it said stays where it was sent. */
export interface ToldMessage {
  readonly MessageId: string;
  readonly CreatedAt: Date;
  readonly State: MessageState;
  readonly Reason: string | null;
  /** What will happen to it by itself, in words. */
  readonly Next: string | null;
  /** Null where SendMessages named an address. */
  readonly EndpointId: string | null;
  readonly Address: string | null;
  readonly ChannelType: string;
  readonly Class: 'marketing' | 'transactional';
  readonly SentBy: 'journey' | 'campaign' | 'request';
  readonly JourneyId: string | null;
  readonly CampaignId: string | null;
  readonly Step: string | null;
  readonly Attempts: number;
  readonly AttemptedAt: Date | null;
  readonly AcceptedAt: Date | null;
  readonly SettledAt: Date | null;
  readonly Template: string | null;
}

/** The same with each of its calls, and what it says. */
export interface DetailedMessage extends ToldMessage {
  readonly Calls: readonly {
    readonly Attempt: number;
    readonly At: Date;
    readonly AnsweredAt: Date | null;
    /** Null while its answer is awaited. */
    readonly Outcome: string | null;
    readonly Detail: string | null;
  }[];
  /** Null once it is settled, unless REPOINT_KEEP_BODIES_DAYS keeps it. */
  readonly Body: object | null;
}

/**
 * `/apps/{id}/messages?state=&journey=&campaign=&endpoint=&since=`: messages, newest first, a page at a time;
 * `/apps/{id}/messages/{message id}`: one with its calls; `/apps/{id}/message-counts`, with the same filters: how many are in
 * each state.
 */
export function messageRoutes(deps: Deps): Hono {
  const routes = new Hono();
  routes.get('/apps/:appId/messages', async (context) => {
    const { appId } = context.req.param();
    const query = parseWith(listQuery, context.req.query());
    const page = parsePage({ PageSize: query['page-size'], Token: query.token });
    await requireApp(deps.db, appId);
    const rows = await listMessages(deps.db, filterOf(appId, query), page);
    const tell = await teller(deps);
    const keyOf = (row: ListedMessage) => ({ createdAt: row.created_at, id: messageKey(row) });
    const { Item, NextToken } = pageOf(rows, page, keyOf, tell);
    return context.json({ Messages: Item, NextToken });
  });
  routes.get('/apps/:appId/messages/:messageId', async (context) => {
    const { appId, messageId } = context.req.param();
    const key = parseMessageId(messageId);
    const found = key === null ? undefined : await readMessage(deps.db, appId, key);
    if (found === undefined) throw notFound(`message ${messageId}`);
    return context.json(detailed((await teller(deps))(found.message), found));
  });
  routes.get('/apps/:appId/message-counts', async (context) => {
    const { appId } = context.req.param();
    const query = parseWith(countQuery, context.req.query());
    await requireApp(deps.db, appId);
    const counts = await countMessages(deps.db, filterOf(appId, query));
    return context.json({ Counts: Object.fromEntries(states.map((state) => [state, counts[state] ?? 0])) });
  });
  return routes;
}

function filterOf(appId: string, query: z.infer<typeof countQuery>): MessageFilter {
  const { state, journey, campaign, endpoint, since } = query;
  return { appId, state, journeyId: journey, campaignId: campaign, endpointId: endpoint, since };
}

async function teller(deps: Deps): Promise<(row: ListedMessage) => ToldMessage> {
  const now = { logical: await deps.clock.now(), real: new Date() };
  const graceMs = deps.config.REPOINT_UNKNOWN_GRACE_SECONDS * 1000;
  return (row) => told(row, now, graceMs);
}

function detailed(message: ToldMessage, { calls, rendered }: MessageDetails): DetailedMessage {
  const Calls = calls.map((call) => ({
    Attempt: call.attempt,
    At: call.claimed_at,
    AnsweredAt: call.answered_at,
    Outcome: call.outcome,
    Detail: call.detail,
  }));
  return { ...message, Calls, Body: rendered };
}

function told(row: ListedMessage, now: ClaimTime, graceMs: number): ToldMessage {
  return {
    MessageId: formatMessageId(row, row.attempt),
    CreatedAt: row.created_at,
    State: row.state,
    Reason: row.reason,
    Next: whatNext(row, now, graceMs),
    EndpointId: row.endpoint_id,
    Address: row.endpoint_id === null ? row.recipient : null,
    ChannelType: row.channel_type,
    Class: row.class,
    SentBy: row.owner_kind === 'entry' ? 'journey' : row.owner_kind,
    JourneyId: row.journey_id,
    CampaignId: row.campaign_id,
    Step: row.owner_kind === 'entry' ? row.step : null,
    Attempts: row.attempt,
    AttemptedAt: row.attempted_at,
    AcceptedAt: row.accepted_at,
    SettledAt: row.settled_at,
    Template: row.template_name && `${row.template_name} version ${row.template_version}`,
  };
}
