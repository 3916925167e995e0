import type { SendingChoices } from '../../sending/compose.ts';
import type { TemplateContent } from '../../templates/content.ts';
import type { Given } from '../../templates/variables.ts';

/** What a request sends on one channel type, before it is rendered for anyone. */
export interface ChannelMessage {
  readonly content: TemplateContent;
  /** A whole MIME message instead. */
  readonly rawBase64?: string | undefined;
  readonly template?: { readonly name: string; readonly version: number };
  readonly defaults: Given;
  readonly substitutions: Given;
  readonly choices: SendingChoices;
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly platform?: Readonly<Record<string, string | number>> | undefined;
}
