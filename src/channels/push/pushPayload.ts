import { defined } from '../../domain/defined.ts';
import { parsedJson } from '../../domain/parsedJson.ts';
import type { OutgoingPush } from '../channel.ts';
import { familyOf, type PushFamily } from './pushFamily.ts';
import { apnsTracking, dataTracking, type PushTracking, trackingOf } from './pushTracking.ts';

type Json = Record<string, unknown>;

/**
 * What the device gets, where Pinpoint could not make it: the mobile SDKs and Amplify report an open by the ids of the
 * journey or campaign in the payload, and of what SendMessages is given only RawContent can put them there. A message of
 * neither is left to Pinpoint. A raw content of the author's own gets the ids beside what it says, unless it has some, is
 * not JSON or would become too long.
 */
export function pushPayload(message: OutgoingPush): string | undefined {
  const tracking = trackingOf(message);
  if (tracking === null) return message.rawContent;
  const family = familyOf[message.channelType];
  if (message.rawContent === undefined) return JSON.stringify(composers[family](message, tracking));
  return tracked(message.rawContent, family, tracking);
}

/**
 * Payloads of each service, as the original's campaigns and journeys sent them. Time to live and what collapses stay
 * members of the request beside RawContent ("Sending a message" in the guide of AWS End User Messaging Push).
 */
const composers: Record<PushFamily, (message: OutgoingPush, tracking: PushTracking) => Json> = {
  APNS: apnsPayload,
  GCM: (message, tracking) => ({ data: dataOf(message, tracking) }),
  ADM: (message, tracking) => ({ data: dataOf(message, tracking) }),
  BAIDU: (message, tracking) => ({
    ...defined({ title: message.title, description: message.body }),
    custom_content: dataOf(message, tracking),
  }),
};

function apnsPayload(message: OutgoingPush, tracking: PushTracking): Json {
  const { title, body, sound, imageUrl, jsonBody } = message;
  const shown = {
    alert: defined({ title, body }),
    ...defined({ sound, 'mutable-content': imageUrl === undefined ? undefined : 1 }),
  };
  const pinpoint = {
    ...apnsTracking(tracking),
    // an iOS app opens a page of the web by the same member
    ...defined({
      deeplink: message.action === 'OPEN_APP' ? undefined : message.url,
      jsonBody: jsonBody === undefined ? undefined : (readObject(jsonBody) ?? jsonBody),
    }),
  };
  return {
    aps: message.silent ? { 'content-available': 1 } : shown,
    data: { pinpoint, ...defined({ 'media-url': imageUrl }) },
  };
}

/** Android's form: flat, texts only; the app draws the notification from it. */
function dataOf(message: OutgoingPush, tracking: PushTracking): Json {
  const { action = 'OPEN_APP', url } = message;
  return defined({
    'pinpoint.notification.title': message.title,
    'pinpoint.notification.body': message.body,
    'pinpoint.notification.imageUrl': message.imageUrl,
    'pinpoint.notification.imageIconUrl': message.imageIconUrl,
    'pinpoint.notification.imageSmallIconUrl': message.smallImageIconUrl,
    'pinpoint.notification.sound': message.sound,
    'pinpoint.notification.silentPush': message.silent ? '1' : '0',
    'pinpoint.openApp': action === 'OPEN_APP' ? 'true' : undefined,
    'pinpoint.url': action === 'URL' ? url : undefined,
    'pinpoint.deeplink': action === 'DEEP_LINK' ? url : undefined,
    'pinpoint.jsonBody': message.jsonBody,
    ...dataTracking(tracking),
  });
}

/** Bytes that each service takes. */
const longest: Record<PushFamily, number> = { APNS: 4096, GCM: 4096, ADM: 6144, BAIDU: 4096 };

function tracked(rawContent: string, family: PushFamily, tracking: PushTracking): string {
  const payload = readObject(rawContent);
  if (payload === undefined || !add[family](payload, tracking)) return rawContent;
  const text = JSON.stringify(payload);
  return Buffer.byteLength(text) > longest[family] ? rawContent : text;
}

/** Adds the ids to a payload; false where it has some, or no place for them. */
const add: Record<PushFamily, (payload: Json, tracking: PushTracking) => boolean> = {
  APNS: (payload, tracking) => {
    const data = memberOf(payload, 'data');
    const pinpoint = data && memberOf(data, 'pinpoint');
    if (!pinpoint || 'journey' in pinpoint || 'campaign' in pinpoint) return false;
    Object.assign(pinpoint, apnsTracking(tracking));
    return true;
  },
  GCM: (payload, tracking) => {
    const v1 = payload.fcmV1Message as Json | undefined;
    const message = v1 === undefined ? payload : memberOf(v1, 'message');
    return addData(message && memberOf(message, 'data'), tracking);
  },
  ADM: (payload, tracking) => addData(memberOf(payload, 'data'), tracking),
  BAIDU: (payload, tracking) => addData(memberOf(payload, 'custom_content'), tracking),
};

function addData(data: Json | undefined, tracking: PushTracking): boolean {
  if (!data || 'pinpoint' in data || Object.keys(data).some((name) => name.startsWith('pinpoint.campaign.')))
    return false;
  Object.assign(data, dataTracking(tracking));
  return true;
}

/** An object in an object, made where there is none; undefined where something else is in its place. */
function memberOf(parent: Json, name: string): Json | undefined {
  if (!isObject(parent)) return undefined;
  parent[name] ??= {};
  const member = parent[name];
  return isObject(member) ? member : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readObject(text: string): Json | undefined {
  const value = parsedJson(text);
  return isObject(value) ? value : undefined;
}
