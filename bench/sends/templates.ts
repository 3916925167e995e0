import Handlebars from 'handlebars';
import { variablesOf } from '../../src/sending/render.ts';
import type { EmailContent } from '../../src/templates/content.ts';
import { renderContent } from '../../src/templates/render.ts';
import type { Rendered } from '../../src/templates/rendered.ts';
import { tutorial } from '../../test/support/tutorial.ts';

const content: EmailContent = { ...tutorial('06-create-email-template-welcome'), type: 'EMAIL' };
const endpoint = { address: 'ann@example.com', channel_type: 'EMAIL', id: 'ann-email', user_id: 'ann' };
const attributes = { FirstName: ['Ann'], Plan: ['premium'] };
const variables = variablesOf(endpoint, attributes, {});

/** The tutorial's welcome, rendered as it is sent. */
export function renderWelcome(): Rendered {
  return renderContent(content, { variables, channelType: 'EMAIL', now: new Date() });
}

const parts = [
  Handlebars.compile(content.Subject ?? '', { noEscape: true }),
  Handlebars.compile(content.HtmlPart ?? ''),
  Handlebars.compile(content.TextPart ?? '', { noEscape: true }),
];
const plain = { User: { UserAttributes: { FirstName: 'Ann', Plan: 'premium' } } };

/** The same three texts by Handlebars alone, compiled before. */
export function renderPlain(): string[] {
  return parts.map((part) => part(plain));
}

/** How often a second. */
export function perSecond(work: () => unknown, count: number): number {
  const began = performance.now();
  for (let done = 0; done < count; done += 1) work();
  return (count * 1000) / (performance.now() - began);
}
