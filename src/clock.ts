/**
 * The one logical clock. Journeys, events and schedules live by it; leases, claim ages and rates use real time.
 * In tests it is the time-skipping Temporal server's time, hence the promise.
 */
export interface Clock {
  now(): Promise<Date>;
}

export const systemClock: Clock = { now: async () => new Date() };
