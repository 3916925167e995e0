import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What this process counts, for `GET /metrics`. Labels are words of ours: no ids, no addresses, no texts of providers. */
export const counters = new Registry();

/** Calls of providers by what they came to: accepted, throttled, unreached, refused, unknown. */
export const providerCalls = new Counter({
  name: 'repoint_provider_calls_total',
  help: 'Calls of providers, by channel and outcome',
  labelNames: ['channel', 'outcome'],
  registers: [counters],
});

export const providerCallSeconds = new Histogram({
  name: 'repoint_provider_call_seconds',
  help: 'How long calls of providers took',
  labelNames: ['channel'],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [counters],
});

/**
 * What providers told, by SNS and by SQS: recorded, ignored (about no message of ours), refused (not readable), failed (by us); and
 * unproved: what came over HTTPS and did not show that it is SNS's, by a topic of ours.
 */
export const notifications = new Counter({
  name: 'repoint_notifications_total',
  help: 'Notifications of providers, by what they came to',
  labelNames: ['outcome'],
  registers: [counters],
});

/** Workflows that were over although what they work for was not, by our name of the workflow and why. */
export const workflowsEnded = new Counter({
  name: 'repoint_workflows_ended_total',
  help: 'Workflows that somebody else ended, that failed, or that Temporal has lost',
  labelNames: ['workflow', 'reason'],
  registers: [counters],
});

export const queuesFailing = new Gauge({
  name: 'repoint_feedback_queues_failing',
  help: 'Feedback queues that this process cannot hear',
  registers: [counters],
});
