/** What a journey's life does next. Instants are epoch milliseconds. */
export type Tended =
  /** Something was done, and there is more. */
  | { readonly is: 'again' }
  /** Nothing is due before this instant (null: ever), unless something happens. */
  | { readonly is: 'sleep'; readonly until: number | null }
  /** The journey is over. */
  | { readonly is: 'over' };

/** The activities of the workflow that owns a journey. */
export interface JourneyLifeActivities {
  /**
   * Does the next thing that is due in a journey's life, in one transaction: start, a page of a pass over its segment, a
   * refresh, the end, a piece of the sweep after a cancel. Where it stands is in Postgres, so a repeat does no harm.
   */
  tendJourney(input: { appId: string; journeyId: string }): Promise<Tended>;
}
