import { Connection } from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { RepointError } from '../domain/errors.ts';

/** Which Temporal service to use: address, TLS, API key and namespace. */
export interface TemporalSettings {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  /** How long to wait for a connection; 10 s. */
  readonly connectTimeoutMs?: number;
  readonly namespace: string;
}

/**
 * The Temporal service named by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_* or a profile
 * of Temporal's own configuration file; localhost:7233 and the namespace `default` where nothing is said.
 */
export function readTemporalSettings(env: Record<string, string | undefined>): TemporalSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]),
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: given });
  return { connectionOptions, namespace: namespace ?? 'default' };
}

/**
 * Connects and makes sure that the namespace is there.
 * @throws RepointError Unavailable naming the address and the setting
 */
export async function connectTemporal(settings: TemporalSettings): Promise<Connection> {
  const { connectionOptions, namespace } = settings;
  const { address, tls, metadata, apiKey } = connectionOptions;
  const connection = await Connection.connect({
    ...(address === undefined ? {} : { address }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(apiKey === undefined ? {} : { apiKey }),
    connectTimeout: settings.connectTimeoutMs ?? 10_000,
  }).catch((cause) => {
    const message = `Temporal at ${address ?? 'localhost:7233'} cannot be reached. Set TEMPORAL_ADDRESS to a running Temporal service.`;
    throw new RepointError('Unavailable', message, { cause });
  });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return connection;
  } catch (cause) {
    await connection.close();
    const message = `Temporal namespace ${namespace} cannot be used. Create it, or set TEMPORAL_NAMESPACE.`;
    throw new RepointError('Unavailable', message, { cause });
  }
}
