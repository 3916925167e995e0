/** What is said of an address: nobody is there, or its owner wants no more messages, or wants them again. */
export type FeedbackWord = 'hardBounce' | 'complaint' | 'unsubscribe' | 'stop' | 'start';
