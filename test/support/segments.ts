import {
  CreateSegmentCommand,
  type SegmentGroupList,
  UpdateSegmentCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import { createApp, useApi } from './api.ts';
import { useDatabase } from './database.ts';

/** Users on a plan. */
export const plan = (value: string): WriteSegmentRequest => ({
  Dimensions: { UserAttributes: { Plan: { Values: [value] } } },
});

/** Who is in all of these segments. */
export const from = (...ids: string[]): SegmentGroupList => ({
  Include: 'ALL',
  Groups: [{ SourceSegments: ids.map((Id) => ({ Id })), SourceType: 'NONE', Type: 'ALL' }],
});

/** Segments of an application, the one that was made last. */
export function useSegments() {
  let ApplicationId = '';
  const database = useDatabase();
  const api = useApi(database);
  return {
    ...{ api, database },
    appId: () => ApplicationId,
    newApp: async () => {
      ApplicationId = await createApp(api.client);
    },
    create: async (WriteSegmentRequest: WriteSegmentRequest): Promise<string> => {
      const created = await api.client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
      return created.SegmentResponse?.Id ?? '';
    },
    update: (SegmentId: string, WriteSegmentRequest: WriteSegmentRequest) =>
      api.client.send(new UpdateSegmentCommand({ ApplicationId, SegmentId, WriteSegmentRequest })),
  };
}
