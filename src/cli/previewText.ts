import type { Preview, Previewed } from '../api/routes/templates/templatePreview.ts';

/** A rendered template as people read it: its parts, then what is suspicious. */
export function previewLines(preview: Preview): string[] {
  const { TemplateName, TemplateType, Version, EndpointId, Messages, Warnings } = preview;
  const whom = EndpointId === null ? 'somebody of whom nothing is known' : `endpoint ${EndpointId}`;
  return [
    `${TemplateType} template ${TemplateName}, version ${Version}, for ${whom}`,
    ...alike(Messages).flatMap(messageLines),
    ...(Warnings.length === 0 ? [] : ['', ...Warnings.map((warning) => `warning  ${warning}`)]),
  ];
}

interface Shown {
  readonly types: readonly string[];
  readonly message: Previewed;
}

/** Platforms that get the same are shown once. */
function alike(messages: readonly Previewed[]): Shown[] {
  const groups = Map.groupBy(messages, ({ Message, Failure }) => JSON.stringify([Message, Failure]));
  return [...groups.values()].flatMap((group) => {
    const [message] = group;
    return message ? [{ types: group.map(({ ChannelType }) => ChannelType), message }] : [];
  });
}

function messageLines({ types, message: { Message, Failure } }: Shown): string[] {
  const title = ['', `--- ${types.join(', ')}`];
  if (Message === null) return [...title, `it would not be sent: ${Failure}`];
  return [...title, ...Object.entries(Message).flatMap(([name, value]) => partLines(name, value))];
}

function partLines(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.map((header) => `${header.Name}: ${header.Value}`);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.includes('\n') || text.length > 100 ? [`${name}:`, text] : [`${name}: ${text}`];
}
