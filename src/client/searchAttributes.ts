import type { Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { RepointError } from '../domain/errors.ts';

/** What a person's workflows are found by in the Temporal Web UI. Set at start, never changed. */
export const searchAttributes = {
  app: defineSearchAttributeKey('RepointApp', 'KEYWORD'),
  journey: defineSearchAttributeKey('RepointJourney', 'KEYWORD'),
  endpoint: defineSearchAttributeKey('RepointEndpoint', 'KEYWORD'),
  user: defineSearchAttributeKey('RepointUser', 'KEYWORD'),
} as const;

/** Their names at the server. */
export const searchAttributeNames = Object.values(searchAttributes).map((key) => key.name);
/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD: the SDK exports the enum's types only. */
const keyword = 2;

/**
 * Registers our search attributes where they are missing. Repeating it is harmless.
 * The server accepts and ignores a registration under another type, so existing ones are compared here.
 * @throws RepointError Conflict when one exists with another type, Unavailable when they cannot be registered
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const existing = customAttributes ?? {};
  const different = searchAttributeNames.filter((name) => name in existing && existing[name] !== keyword);
  if (different.length > 0) {
    throw new RepointError(
      'Conflict',
      `Temporal namespace ${namespace}: the search attributes ${different.join(', ')} exist with another type ` +
        'than Keyword. Remove them, or use another namespace (TEMPORAL_NAMESPACE).',
    );
  }
  const missing = searchAttributeNames.filter((name) => !(name in existing));
  if (missing.length === 0) return;
  try {
    await addSearchAttributes(connection, namespace, missing);
  } catch (cause) {
    throw new RepointError(
      'Unavailable',
      `Temporal namespace ${namespace}: the search attributes ${missing.join(', ')} are missing and could not be ` +
        'registered. On Temporal Cloud add them to the namespace as Keyword first; elsewhere see docs/operations.md.',
      { cause },
    );
  }
}

/** Registers search attributes of type Keyword under these names. */
export async function addSearchAttributes(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, keyword])),
  });
}
