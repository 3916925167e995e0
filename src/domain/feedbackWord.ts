/** What a report of a provider says of the address: nobody is there, or its owner wants no more messages. */
export type FeedbackWord = 'hardBounce' | 'complaint' | 'unsubscribe' | 'stop';
