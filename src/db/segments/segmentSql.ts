import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { DAY_MS } from '../../domain/duration.ts';
import { dateWindows } from '../../domain/segment/dateWindows.ts';
import { type Comparison, recencyWindows } from '../../domain/segment/document.ts';
import type {
  AttributeOwner,
  DateAttribute,
  FieldChoice,
  SegmentTree,
  TextAttribute,
} from '../../domain/segment/tree.ts';

/** What a predicate is asked in: the app, and the logical time that relative dates count from. */
export interface SegmentScope {
  readonly appId: string;
  readonly now: Date;
}

type Condition = RawBuilder<SqlBool>;
type Kind = SegmentTree['kind'];
type Compile<K extends Kind> = (node: Extract<SegmentTree, { kind: K }>, scope: SegmentScope) => Condition;

/** One way to say each kind; every one is true or false, never null, so that NONE and EXCLUSIVE can deny it. */
const compile: { readonly [K in Kind]: Compile<K> } = {
  all: (node, scope) => joined(node.of, sql` and `, sql`true`, scope),
  any: (node, scope) => joined(node.of, sql` or `, sql`false`, scope),
  none: (node, scope) => sql`not ${joined(node.of, sql` or `, sql`false`, scope)}`,
  textAttribute: textAttribute,
  dateAttribute: dateAttribute,
  metric: ({ name, comparison, value }) =>
    sql`coalesce((endpoint.metrics -> ${name}::text)::double precision ${operators[comparison]} ${value}::double precision, false)`,
  field: fieldChoice,
  near: ({ latitude, longitude, kilometers }) =>
    sql`(endpoint.location ?& array['Latitude', 'Longitude'] and ${distance(latitude, longitude)} <= ${kilometers}::double precision)`,
  recency: ({ window, active }, { appId, now }) => {
    const since = new Date(now.getTime() - recencyWindows[window] * DAY_MS);
    const condition = sql<SqlBool>`(endpoint.effective_date > ${since}::timestamptz or coalesce((select true from event as heard where heard.app_id = ${appId} and heard.endpoint_id = endpoint.id and heard.received_at > ${since}::timestamptz and heard.type !~ ${messageFeedback} limit 1), false))`;
    return active ? condition : sql`not ${condition}`;
  },
};

/** What happened to a message is not something the person did in the app. */
const messageFeedback = '^_(email[.]|SMS[.]|campaign[.]send$|journey[.]send$)';

const operators: Readonly<Record<Comparison, RawBuilder<unknown>>> = {
  GREATER_THAN: sql`>`,
  GREATER_THAN_OR_EQUAL: sql`>=`,
  LESS_THAN: sql`<`,
  LESS_THAN_OR_EQUAL: sql`<=`,
  EQUAL: sql`=`,
};

const fields: Readonly<Record<Exclude<FieldChoice['field'], 'DeviceType'>, RawBuilder<unknown>>> = {
  Channel: sql`endpoint.channel_type`,
  AppVersion: sql`endpoint.demographic ->> 'AppVersion'`,
  Make: sql`endpoint.demographic ->> 'Make'`,
  Model: sql`endpoint.demographic ->> 'Model'`,
  Platform: sql`endpoint.demographic ->> 'Platform'`,
  Country: sql`endpoint.location ->> 'Country'`,
};

/**
 * The one question a segment puts to Postgres, for the `where` of a query over `endpoint` (by that name): over a whole
 * app, or with a list of ids beside it. Every value is bound; text that is no date is simply no match.
 */
export function segmentPredicate(tree: SegmentTree, scope: SegmentScope): Condition {
  // A record of functions by kind is the exhaustive switch; its parameter type is lost where the kind is not known.
  const one = compile[tree.kind] as (node: SegmentTree, scope: SegmentScope) => Condition;
  return one(tree, scope);
}

function joined(
  nodes: readonly SegmentTree[],
  separator: RawBuilder<unknown>,
  empty: Condition,
  scope: SegmentScope,
): Condition {
  if (nodes.length === 0) return empty;
  return sql`(${sql.join(
    nodes.map((node) => segmentPredicate(node, scope)),
    separator,
  )})`;
}

function textAttribute({ owner, name, test, values }: TextAttribute, { appId }: SegmentScope): Condition {
  const list = [...values];
  if (test === 'CONTAINS') {
    return ofOwner(owner, name, appId, (given) => {
      return sql`exists (select from jsonb_array_elements_text(${given}) as one(value), unnest(${list}::text[]) as part(value) where strpos(one.value, part.value) > 0)`;
    });
  }
  const condition = ofOwner(owner, name, appId, (given) => sql`coalesce(${given} ?| ${list}::text[], false)`);
  return test === 'EXCLUSIVE' ? sql`not ${condition}` : condition;
}

function dateAttribute(dimension: DateAttribute, { appId, now }: SegmentScope): Condition {
  const inside = dateWindows(dimension, now).map(({ from, until }) => {
    if (from === null) return sql`at.instant < ${until}::timestamptz`;
    if (until === null) return sql`at.instant >= ${from}::timestamptz`;
    return sql`(at.instant >= ${from}::timestamptz and at.instant < ${until}::timestamptz)`;
  });
  return ofOwner(dimension.owner, dimension.name, appId, (given) => {
    return sql`exists (select from jsonb_array_elements_text(${given}) as one(value), instant_of(one.value) as at(instant) where ${sql.join(inside, sql` or `)})`;
  });
}

/**
 * Asks the endpoint's own list of an attribute, or the user's: of the user it belongs to, or its own unclaimed one. A
 * look-up for each endpoint, where a join or an `exists` among alternatives might read all users for each page.
 */
function ofOwner(
  owner: AttributeOwner,
  name: string,
  appId: string,
  ask: (list: RawBuilder<unknown>) => Condition,
): Condition {
  if (owner === 'endpoint') return ask(sql`endpoint.attributes -> ${name}::text`);
  const claimed = sql`(select person.attributes from app_user as person where person.app_id = ${appId} and person.id = endpoint.user_id)`;
  return ask(sql`coalesce(${claimed}, endpoint.unclaimed_attributes) -> ${name}::text`);
}

/** An endpoint has no device type: the choice is looked for in its platform and its model. */
function fieldChoice({ field, exclude, values }: FieldChoice): Condition {
  const list = [...values];
  const among = (name: keyof typeof fields): Condition =>
    sql`coalesce(${fields[name]} = any(${list}::text[]), false)`;
  const condition: Condition =
    field === 'DeviceType' ? sql`(${among('Platform')} or ${among('Model')})` : among(field);
  return exclude ? sql`not ${condition}` : condition;
}

const EARTH_KILOMETERS = 6371;

/** Great-circle distance from the endpoint's coordinates, in kilometres (haversine). For those that have some: least() hides a null. */
function distance(latitude: number, longitude: number): RawBuilder<unknown> {
  const at = {
    latitude: sql`(endpoint.location -> 'Latitude')::double precision`,
    longitude: sql`(endpoint.location -> 'Longitude')::double precision`,
  };
  return sql`2 * ${sql.lit(EARTH_KILOMETERS)} * asin(least(1, sqrt(sin(radians(${at.latitude} - ${latitude}::double precision) / 2) ^ 2 + cos(radians(${at.latitude})) * cos(radians(${latitude}::double precision)) * sin(radians(${at.longitude} - ${longitude}::double precision) / 2) ^ 2)))`;
}
