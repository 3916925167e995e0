import { findTemplate, listTemplates, listTemplateVersions } from '../../../db/templates.ts';
import { arnOf, type TemplateType } from '../../../domain/arn.ts';
import { notFound } from '../../../domain/errors.ts';
import { accountOf } from '../../account.ts';
import type { Call } from '../../handler.ts';
import { pageOf, parsePage } from '../../pagination.ts';
import { type Named, parseTemplateType } from './templateActions.ts';

interface Paging {
  readonly PageSize?: string | undefined;
  readonly NextToken?: string | undefined;
}

interface Filter extends Paging {
  readonly Prefix?: string | undefined;
  readonly TemplateType?: string | undefined;
}

/** Templates of a name's beginning and a type, newest first, each with what its active version says. */
export async function listTemplatePage(filter: Filter, call: Call) {
  const page = parsePage(filter);
  const type = filter.TemplateType === undefined ? undefined : parseTemplateType(filter.TemplateType);
  const [name = '', afterType = ''] = page.after?.id.split('/') ?? [];
  const after = page.after && { createdAt: page.after.createdAt, name, type: afterType };
  const rows = await listTemplates(call.deps.db, { prefix: filter.Prefix, type }, after, page.size + 1);
  return pageOf(
    rows,
    page,
    (row) => ({ createdAt: row.created_at, id: `${row.name}/${row.type}` }),
    (row) => ({
      ...describedBy(row.document),
      Arn: arnOf(accountOf(call.deps.config), {
        kind: 'template',
        name: row.name,
        type: row.type as TemplateType,
      }),
      CreationDate: row.created_at.toISOString(),
      LastModifiedDate: row.modified_at.toISOString(),
      TemplateName: row.name,
      TemplateType: row.type as TemplateType,
      Version: String(row.active_version),
      tags: row.tags,
    }),
  );
}

/** A template's versions, newest first. */
export async function listVersionPage(type: TemplateType, input: Named & Paging, call: Call) {
  const key = { type, name: input.TemplateName ?? '' };
  const page = parsePage(input);
  const template = await findTemplate(call.deps.db, key);
  if (template === undefined) throw notFound(`${type} template ${key.name}`);
  const below = page.after && Number(page.after.id);
  const rows = await listTemplateVersions(call.deps.db, key, below, page.size + 1);
  return pageOf(
    rows,
    page,
    (row) => ({ createdAt: row.created_at, id: String(row.version) }),
    (row) => ({
      ...describedBy(row.document),
      CreationDate: row.created_at.toISOString(),
      LastModifiedDate: row.modified_at.toISOString(),
      TemplateName: row.name,
      TemplateType: type,
      Version: String(row.version),
    }),
  );
}

function describedBy({ DefaultSubstitutions, TemplateDescription }: Record<string, unknown>) {
  return {
    DefaultSubstitutions: textOf(DefaultSubstitutions),
    TemplateDescription: textOf(TemplateDescription),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
