import { tagsProblems } from '../../../contract/tags.ts';
import { nameProblems, type TemplateRequest, templateProblems } from '../../../contract/template.ts';
import { shown } from '../../../contract/text.ts';
import { parseVersion } from '../../../contract/version.ts';
import type { Tx } from '../../../db/database.ts';
import {
  deleteTemplate,
  deleteTemplateVersion,
  findTemplate,
  findTemplateVersion,
  highestVersion,
  insertTemplate,
  lockTemplate,
  saveVersion,
  type TemplateRow,
  updateTemplate,
} from '../../../db/templates.ts';
import { arnOf, type TemplateType, templateTypes } from '../../../domain/arn.ts';
import { badRequest, notFound, refuseAny } from '../../../domain/errors.ts';
import { compileProblems } from '../../../templates/check.ts';
import { accountOf } from '../../account.ts';
import type { Call } from '../../handler.ts';

/** Which template an operation is about, as it came. */
export interface Named {
  readonly TemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

const typesWithVariables = new Set<TemplateType>(['EMAIL', 'SMS', 'PUSH', 'VOICE']);

/**
 * A repeated request is answered as its first try was.
 * @throws RepointError BadRequest for every fault of the request, or where the name is taken
 */
export async function createTemplate(
  type: TemplateType,
  named: Named,
  request: object | undefined,
  call: Call,
) {
  const { tags = {}, ...document } = (request ?? {}) as TemplateRequest & { tags?: Record<string, string> };
  refuseAny([
    ...nameProblems(named.TemplateName),
    ...documentProblems(type, document),
    ...tagsProblems(tags),
  ]);
  const key = keyOf(type, named);
  const now = await call.deps.clock.now();
  const created = await call.deps.db
    .transaction()
    .execute((tx) => insertTemplate(tx, key, document, tags, now));
  if (!created && !call.isRepeat) {
    throw badRequest([{ path: 'template-name', message: `the ${type} template ${key.name} exists already` }]);
  }
  const arn = arnOf(accountOf(call.deps.config), { kind: 'template', name: key.name, type });
  return { Arn: arn, Message: 'Created', RequestID: call.requestId };
}

/** The template's members and what they hold in a version; without one, in the active version. */
export async function getTemplate(type: TemplateType, named: Named, call: Call) {
  const key = keyOf(type, named);
  const template = await findTemplate(call.deps.db, key);
  const version = await findTemplateVersion(call.deps.db, key, numberOf(named));
  if (template === undefined || version === undefined) throw notFound(described(type, named));
  return {
    ...version.document,
    Arn: arnOf(accountOf(call.deps.config), { kind: 'template', name: key.name, type }),
    CreationDate: template.created_at.toISOString(),
    LastModifiedDate: version.modified_at.toISOString(),
    TemplateName: key.name,
    TemplateType: type,
    Version: String(version.version),
    tags: template.tags,
  };
}

/**
 * Writes over the latest version, or adds one. `Version` guards against another's change: it must be the latest.
 * @throws RepointError BadRequest for every fault of the request; NotFound
 */
export async function updateTemplateDocument(
  type: TemplateType,
  named: Named & { readonly CreateNewVersion?: boolean | undefined },
  request: object | undefined,
  call: Call,
) {
  const { tags: _, ...document } = (request ?? {}) as TemplateRequest;
  refuseAny(documentProblems(type, document));
  if (named.CreateNewVersion === true && named.Version !== undefined) {
    throw badRequest([{ path: 'version', message: 'must be absent when create-new-version is true' }]);
  }
  const key = keyOf(type, named);
  const now = await call.deps.clock.now();
  await call.deps.db.transaction().execute(async (tx) => {
    const template = await locked(tx, type, named);
    const latest = (await highestVersion(tx, key)) ?? template.latest_version;
    if (named.Version !== undefined && numberOf(named) !== latest) {
      throw badRequest([
        { path: 'version', message: `must be the latest version, ${latest}; given ${shown(named.Version)}` },
      ]);
    }
    const added = template.latest_version + 1;
    await saveVersion(tx, key, named.CreateNewVersion === true ? added : latest, document, now);
  });
  return accepted(call);
}

/** Deletes one version, or without one the template with all of them. */
export async function removeTemplate(type: TemplateType, named: Named, call: Call) {
  const key = keyOf(type, named);
  const version = numberOf(named);
  const now = await call.deps.clock.now();
  await call.deps.db.transaction().execute(async (tx) => {
    const template = await locked(tx, type, named);
    if (version !== undefined) await removeVersion(tx, template, version, now);
    else await deleteTemplate(tx, key);
  });
  return accepted(call);
}

/** Where the active version goes, the highest that is left becomes active; with the last one the template goes. */
async function removeVersion(tx: Tx, template: TemplateRow, version: number, now: Date): Promise<void> {
  const highest = await deleteTemplateVersion(tx, template, version);
  if (highest === undefined) throw notFound(`version ${version} of template ${template.name}`);
  if (highest === null) await deleteTemplate(tx, template);
  else if (template.active_version === version) {
    await updateTemplate(tx, template, { active_version: highest, modified_at: now });
  }
}

/** @throws RepointError BadRequest unless `version` is `latest` or a number; NotFound */
export async function activateVersion(
  type: TemplateType,
  named: Named,
  version: string | undefined,
  call: Call,
) {
  const wanted = version === 'latest' ? undefined : parseVersion(version);
  if (version === undefined || wanted === null) {
    throw badRequest([{ path: 'Version', message: `must be latest or a number; given ${shown(version)}` }]);
  }
  const now = await call.deps.clock.now();
  await call.deps.db.transaction().execute(async (tx) => {
    const template = await locked(tx, type, named);
    const active = wanted ?? (await highestVersion(tx, template)) ?? template.latest_version;
    const found = await findTemplateVersion(tx, template, active);
    if (found === undefined) throw notFound(described(type, { ...named, Version: version }));
    await updateTemplate(tx, template, { active_version: active, modified_at: now });
  });
  return accepted(call);
}

/** `EMAIL` or `email`, as it stands in a path. */
export function parseTemplateType(text: string | undefined): TemplateType {
  const type = templateTypes.find((known) => known === text?.toUpperCase());
  if (type !== undefined) return type;
  const allowed = templateTypes.join(', ');
  throw badRequest([{ path: 'template-type', message: `must be one of ${allowed}; given ${shown(text)}` }]);
}

async function locked(tx: Tx, type: TemplateType, named: Named): Promise<TemplateRow> {
  const template = await lockTemplate(tx, keyOf(type, named));
  if (template === undefined) throw notFound(described(type, named));
  return template;
}

function keyOf(type: TemplateType, named: Named) {
  return { type, name: named.TemplateName ?? '' };
}

/** The version that is asked for; what can be no version is one that is not there. */
function numberOf(named: Named): number | undefined {
  const version = parseVersion(named.Version);
  return version === null ? 0 : version;
}

function described(type: TemplateType, named: Named): string {
  const version = named.Version === undefined ? '' : `version ${named.Version} of `;
  return `${version}${type} template ${named.TemplateName}`;
}

function documentProblems(type: TemplateType, document: TemplateRequest) {
  return [
    ...templateProblems(type, document),
    ...(typesWithVariables.has(type) ? compileProblems(document) : []),
  ];
}

function accepted(call: Call) {
  return { Message: 'Accepted', RequestID: call.requestId };
}
