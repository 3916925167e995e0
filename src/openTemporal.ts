import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { connectTemporal, type TemporalSettings } from './client/connectTemporal.ts';
import { ensureSearchAttributes } from './client/searchAttributes.ts';
import type { TemporalAccess } from './runWorker.ts';

export interface OpenTemporal extends TemporalAccess {
  /** Rejects when the service does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Both connections that a worker needs, with our search attributes registered.
 * @throws RepointError Unavailable or Conflict saying what to set
 */
export async function openTemporal(settings: TemporalSettings): Promise<OpenTemporal> {
  const { namespace, connectionOptions } = settings;
  const connection = await connectTemporal(settings);
  await ensureSearchAttributes(connection, namespace);
  const native = await NativeConnection.connect(connectionOptions);
  return {
    client: new Client({ connection, namespace }),
    native,
    namespace,
    check: async () => {
      await connection.workflowService.describeNamespace({ namespace });
    },
    close: async () => {
      await native.close();
      await connection.close();
    },
  };
}
