import { z } from 'zod';
import { parsedJson } from '../../domain/parsedJson.ts';

const textual = z.string().nullish().catch(null);
const shown = z.object({ title: textual, body: textual });
const data = z.record(z.string(), z.unknown()).optional().catch(undefined);
const android = z.object({ notification: shown.optional().catch(undefined), data });
const payloadForm = z.object({
  aps: z
    .object({ alert: z.union([z.string(), shown]) })
    .optional()
    .catch(undefined),
  title: textual,
  description: textual,
  custom_content: data,
  fcmV1Message: z.object({ message: android }).optional().catch(undefined),
  ...android.shape,
});

interface Shown {
  readonly title: string | null;
  readonly body: string | null;
}

/** What a device would show of a payload of any of the push services; one that cannot be read is its own body. */
export function shownOf(payload: string): Shown {
  const read = readPayload(payload);
  if (read === null) return { title: null, body: payload };
  const { aps, description } = read;
  const notification = read.fcmV1Message?.message.notification ?? read.notification;
  const alert = typeof aps?.alert === 'string' ? { body: aps.alert, title: null } : aps?.alert;
  const flat = dataOf(read);
  const title = alert?.title ?? notification?.title ?? read.title ?? flat['pinpoint.notification.title'];
  const body = alert?.body ?? notification?.body ?? description ?? flat['pinpoint.notification.body'];
  return { title: textOf(title), body: textOf(body) };
}

/**
 * The ids that Amplify's push notifications and the mobile SDKs report an open with, read as they do: a campaign's flat
 * names first, then the object or JSON under `pinpoint`. Null where they would report nothing.
 */
export function reportedIds(payload: string): { source: string; ids: Record<string, string> } | null {
  const flat = dataOf(readPayload(payload) ?? {});
  const prefix = 'pinpoint.campaign.';
  if (flat[`${prefix}campaign_id`] !== undefined) {
    const ids = Object.entries(flat).filter(([name]) => name.startsWith(prefix));
    return { source: 'campaign', ids: texts(ids.map(([name, id]) => [name.slice(prefix.length), id])) };
  }
  const { pinpoint } = flat;
  const under = typeof pinpoint === 'string' ? parsedJson(pinpoint) : pinpoint;
  for (const source of ['campaign', 'journey']) {
    const ids = (under as Record<string, unknown> | null | undefined)?.[source];
    if (typeof ids === 'object' && ids !== null) return { source, ids: texts(Object.entries(ids)) };
  }
  return null;
}

type Payload = z.infer<typeof payloadForm>;

function readPayload(payload: string): Payload | null {
  return payloadForm.safeParse(parsedJson(payload)).data ?? null;
}

function dataOf(payload: Partial<Payload>): Record<string, unknown> {
  return payload.fcmV1Message?.message.data ?? payload.data ?? payload.custom_content ?? {};
}

function texts(entries: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
