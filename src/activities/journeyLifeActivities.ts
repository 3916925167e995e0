/** A journey's times, epoch milliseconds. */
export interface JourneyTimes {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** How often the whole segment is asked again because time itself changes who matches; null where it does not. */
  readonly passEveryMs: number | null;
}

/** The activities of the workflow that owns a journey. */
export interface JourneyLifeActivities {
  /** Null when the journey is gone or over. */
  openJourney(input: { appId: string; journeyId: string }): Promise<JourneyTimes | null>;
  enterPage(input: {
    appId: string;
    journeyId: string;
    cursor: string;
  }): Promise<{ cursor: string; done: boolean }>;
  /** Its end has come: nobody enters any more, who is inside goes on. */
  closeJourney(input: { appId: string; journeyId: string }): Promise<void>;
}
