/** What a template or an inline message came to for one recipient: text only, nothing left to substitute. */
export type Rendered = RenderedEmail | RenderedSms | RenderedPush | RenderedVoice;

export interface RenderedEmail {
  readonly channel: 'EMAIL';
  readonly subject: string;
  readonly html?: string;
  readonly text?: string;
  /** A whole MIME message in base64, in place of all else. */
  readonly rawBase64?: string;
  readonly headers?: readonly { readonly Name: string; readonly Value: string }[];
}

export interface RenderedSms {
  readonly channel: 'SMS';
  readonly body: string;
}

export interface RenderedVoice {
  readonly channel: 'VOICE';
  readonly body: string;
  readonly languageCode?: string;
  readonly voiceId?: string;
}

export interface RenderedPush {
  readonly channel: 'PUSH';
  readonly title?: string;
  readonly body?: string;
  readonly action?: 'OPEN_APP' | 'DEEP_LINK' | 'URL';
  readonly url?: string;
  readonly imageUrl?: string;
  readonly imageIconUrl?: string;
  readonly smallImageIconUrl?: string;
  readonly sound?: string;
  readonly rawContent?: string;
  readonly silent?: boolean;
  readonly timeToLiveSeconds?: number;
  readonly jsonBody?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly platform?: Readonly<Record<string, string | number>>;
}

/** Whether anything is left to send: a provider refuses an empty e-mail or text message, and a phone would show an empty push. */
export function hasContent(rendered: Rendered): boolean {
  return has[rendered.channel](rendered as never);
}

const has: {
  readonly [C in Rendered['channel']]: (rendered: Extract<Rendered, { channel: C }>) => boolean;
} = {
  EMAIL: ({ rawBase64, html, text }) => Boolean(rawBase64 || html || text),
  SMS: ({ body }) => body !== '',
  VOICE: ({ body }) => body !== '',
  // an app may be told something that it does not show, and its icon a number
  PUSH: ({ title, body, rawContent, silent, jsonBody, data, platform }) =>
    Boolean(title || body || rawContent || silent || jsonBody || data || platform?.Badge !== undefined),
};
