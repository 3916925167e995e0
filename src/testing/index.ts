export type {
  SegmentDefinition,
  TestTemplates,
} from './publishing.ts';
export type { MessageFilter, TestMessage } from './receivedMessages.ts';
export {
  startTestWorld,
  type TestEvent,
  type TestJourney,
  type TestWorld,
  type TestWorldOptions,
} from './testWorld.ts';
