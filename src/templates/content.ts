/** What a template of each type holds, in Pinpoint's words; every text may have variables. */
export type TemplateContent = EmailContent | SmsContent | PushContent | VoiceContent;
/** The types of templates that messages are made from: an in-app template is fetched and shown, not sent. */
export type SentTemplateType = TemplateContent['type'];

export interface EmailContent {
  readonly type: 'EMAIL';
  readonly Subject?: string;
  readonly HtmlPart?: string;
  readonly TextPart?: string;
  readonly Headers?: readonly { readonly Name?: string; readonly Value?: string }[];
}

export interface SmsContent {
  readonly type: 'SMS';
  readonly Body?: string;
}

export interface VoiceContent {
  readonly type: 'VOICE';
  readonly Body?: string;
  readonly LanguageCode?: string;
  readonly VoiceId?: string;
}

export interface PushContent {
  readonly type: 'PUSH';
  readonly Default?: PushPart;
  readonly APNS?: PushPart;
  readonly GCM?: PushPart;
  readonly ADM?: PushPart;
  readonly Baidu?: PushPart;
}

export interface PushPart {
  readonly Action?: string;
  readonly Title?: string;
  readonly Body?: string;
  readonly Url?: string;
  readonly Sound?: string;
  readonly RawContent?: string;
  readonly ImageUrl?: string;
  readonly MediaUrl?: string;
  readonly ImageIconUrl?: string;
  readonly SmallImageIconUrl?: string;
  /** The name that campaigns have for SmallImageIconUrl. */
  readonly ImageSmallIconUrl?: string;
  readonly JsonBody?: string;
  readonly SilentPush?: boolean;
  readonly TimeToLive?: number;
}
