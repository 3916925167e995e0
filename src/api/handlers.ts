import type { Handlers } from './handler.ts';
import { appSettingsHandlers } from './routes/appSettings.ts';
import { appHandlers } from './routes/apps.ts';
import { campaignHandlers } from './routes/campaigns/campaigns.ts';
import { channelHandlers } from './routes/channels/channels.ts';
import { endpointHandlers } from './routes/endpoints.ts';
import { eventStreamHandlers } from './routes/eventStream.ts';
import { eventHandlers } from './routes/events.ts';
import { importJobHandlers } from './routes/importJobs.ts';
import { journeyMetricsHandlers } from './routes/journeyMetrics.ts';
import { journeyRunHandlers } from './routes/journeyRuns.ts';
import { journeyHandlers } from './routes/journeys.ts';
import { messageHandlers } from './routes/messages.ts';
import { passThroughHandlers } from './routes/passThrough.ts';
import { segmentHandlers } from './routes/segments.ts';
import { tagHandlers } from './routes/tags.ts';
import { templateHandlers } from './routes/templates/templates.ts';

/** Every operation that is built, one line a resource; whatever is missing answers 501 with its name. */
export const handlers: Handlers = {
  ...appHandlers,
  ...appSettingsHandlers,
  ...campaignHandlers,
  ...channelHandlers,
  ...messageHandlers,
  ...passThroughHandlers,
  ...tagHandlers,
  ...templateHandlers,
  ...journeyHandlers,
  ...journeyMetricsHandlers,
  ...journeyRunHandlers,
  ...endpointHandlers,
  ...segmentHandlers,
  ...eventHandlers,
  ...eventStreamHandlers,
  ...importJobHandlers,
};
