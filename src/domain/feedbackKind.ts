/** What a provider reports of a message that it has, or had. */
export type FeedbackKind =
  | 'send'
  | 'delivery'
  | 'open'
  | 'click'
  | 'complaint'
  | 'bounce'
  | 'reject'
  | 'renderingFailure';
