/** The account part of every ARN. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

export const templateTypes = ['EMAIL', 'SMS', 'PUSH', 'VOICE', 'INAPP'] as const;
export type TemplateType = (typeof templateTypes)[number];

/** What an ARN can name. */
export type Resource =
  | { readonly kind: 'app'; readonly appId: string }
  | { readonly kind: 'segment'; readonly appId: string; readonly id: string }
  | { readonly kind: 'campaign'; readonly appId: string; readonly id: string }
  | { readonly kind: 'journey'; readonly appId: string; readonly id: string }
  | { readonly kind: 'template'; readonly name: string; readonly type: TemplateType };

const collections = { segment: 'segments', campaign: 'campaigns', journey: 'journeys' } as const;

/** The ARN of a resource, as Pinpoint wrote them: `arn:aws:mobiletargeting:us-east-1:123456789012:apps/…`. */
export function arnOf(account: Account, resource: Resource): string {
  return `arn:aws:mobiletargeting:${account.region}:${account.accountId}:${pathOf(resource)}`;
}

function pathOf(resource: Resource): string {
  switch (resource.kind) {
    case 'app':
      return `apps/${resource.appId}`;
    case 'template':
      return `templates/${resource.name}/${resource.type}`;
    default:
      return `apps/${resource.appId}/${collections[resource.kind]}/${resource.id}`;
  }
}

const arnPattern = /^arn:aws[a-z-]*:mobiletargeting:[a-z0-9-]*:\d*:(.+)$/;
const appPattern = /^apps\/([^/]+)(?:\/(segments|campaigns|journeys)\/([^/]+))?$/;
const templatePattern = /^templates\/([^/]+)\/(EMAIL|SMS|PUSH|VOICE|INAPP)$/;

/** The resource an ARN names, `undefined` for one that can name none. Region and account are not looked at. */
export function parseArn(arn: string): Resource | undefined {
  const path = arnPattern.exec(arn)?.[1] ?? '';
  const template = templatePattern.exec(path);
  if (template !== null) {
    return { kind: 'template', name: template[1] ?? '', type: template[2] as TemplateType };
  }
  const [, appId, collection, id] = appPattern.exec(path) ?? [];
  if (appId === undefined) return undefined;
  if (collection === undefined || id === undefined) return { kind: 'app', appId };
  const kind = collection.slice(0, -1) as keyof typeof collections;
  return { kind, appId, id };
}
