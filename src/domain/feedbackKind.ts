/** What a provider reports of a message that it has, or had. */
export type FeedbackKind =
  | 'send'
  | 'delivery'
  | 'open'
  | 'click'
  | 'unsubscribe'
  | 'complaint'
  | 'bounce'
  | 'reject'
  | 'renderingFailure';
