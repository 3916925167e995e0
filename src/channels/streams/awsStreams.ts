import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from '../../config.ts';
import type { AwsStream } from '../../domain/stream/destination.ts';
import type { SendOutcome } from '../channel.ts';
import { connectionAgents } from '../connection.ts';
import { callProvider } from '../providerCall.ts';
import { upstreamAddress } from '../upstreamAddress.ts';
import { allTaken, nothingTaken, type StreamAnswer, type StreamDoor, type StreamItem } from './streamDoor.ts';

/** Opens a stream at AWS, or at a server that speaks its wire. */
export type OpenAwsStream = (stream: AwsStream) => StreamDoor;

/**
 * Kinesis and Firehose, with a client for each region and role. One attempt a call: what failed is tried again in order.
 * @throws RepointError BadRequest when the address is our own API, or AWS while delivery is mailbox
 */
export function createAwsStreams(config: Config): OpenAwsStream {
  const settings = clientSettings(config);
  const kinesis = remembered((stream) => new KinesisClient(settings(stream)));
  const firehose = remembered((stream) => new FirehoseClient(settings(stream)));
  return (stream) =>
    stream.kind === 'kinesis' ? kinesisDoor(kinesis(stream), stream) : firehoseDoor(firehose(stream), stream);
}

/** One client for the streams that share what it is made of. */
function remembered<T>(create: (stream: AwsStream) => T): (stream: AwsStream) => T {
  const clients = new Map<string, T>();
  return (stream) => {
    const key = `${stream.region} ${stream.roleArn}`;
    const client = clients.get(key) ?? create(stream);
    clients.set(key, client);
    return client;
  };
}

function clientSettings(config: Config) {
  const endpoint = upstreamAddress(config, 'REPOINT_UPSTREAM_STREAMS_URL');
  const address =
    endpoint === undefined ? {} : { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false };
  return ({ region, roleArn }: AwsStream) => {
    const common = {
      region,
      maxAttempts: 1,
      // without it the Kinesis client speaks HTTP/2, which servers that stand for it do not
      requestHandler: new NodeHttpHandler(connectionAgents()),
      ignoreConfiguredEndpointUrls: true,
      ...address,
    };
    if (!config.REPOINT_STREAM_ASSUME_ROLE) return common;
    const params = { RoleArn: roleArn, RoleSessionName: 'repoint-event-stream' };
    return { ...common, credentials: fromTemporaryCredentials({ params, clientConfig: common }) };
  };
}

const MEGABYTE = 1_048_576;

/** Quotas of PutRecords ("PutRecords" in the Kinesis Data Streams API reference), keys included. */
const kinesisLimits = { records: 500, bytes: 5 * MEGABYTE - 200_000, recordBytes: MEGABYTE - 1_024 };
/** Quotas of PutRecordBatch ("PutRecordBatch" in the Firehose API reference). */
const firehoseLimits = { records: 500, bytes: 4 * MEGABYTE - 100_000, recordBytes: 1_000 * 1_024 };

function kinesisDoor(client: KinesisClient, { arn }: AwsStream): StreamDoor {
  return {
    limits: kinesisLimits,
    isAtomic: false,
    put: async (items) => {
      const Records = items.map(({ key, bytes }) => ({ PartitionKey: key, Data: bytes }));
      const command = new PutRecordsCommand({ StreamARN: arn, Records });
      const result = await callProvider(command, (sent, options) => client.send(sent, options));
      return result.kind === 'answered'
        ? partlyTaken(items, result.answer.Records ?? [])
        : nothingTaken(reasonOf(result), isUnfit(result));
    },
  };
}

function firehoseDoor(client: FirehoseClient, { name }: AwsStream): StreamDoor {
  return {
    limits: firehoseLimits,
    isAtomic: false,
    put: async (items) => {
      const Records = items.map(({ bytes }) => ({ Data: bytes }));
      const command = new PutRecordBatchCommand({ DeliveryStreamName: name, Records });
      const result = await callProvider(command, (sent, options) => client.send(sent, options));
      return result.kind === 'answered'
        ? partlyTaken(items, result.answer.RequestResponses ?? [])
        : nothingTaken(reasonOf(result), isUnfit(result));
    },
  };
}

interface ItemAnswer {
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Answers stand in the order of the items; one without an error code says that its item is there. */
function partlyTaken(items: readonly StreamItem[], answers: readonly ItemAnswer[]): StreamAnswer {
  const failed = answers.find((answer) => answer.ErrorCode);
  if (failed === undefined && answers.length === items.length) return allTaken(items);
  const taken = items.filter((_, index) => answers[index] && !answers[index].ErrorCode);
  const failure = `${failed?.ErrorCode ?? 'NoAnswer'}: ${failed?.ErrorMessage ?? 'not every record was answered'}`;
  return { taken: new Set(taken.map((item) => item.id)), failure, isUnfit: false };
}

type Failed = Exclude<SendOutcome, { kind: 'accepted' }>;

/** What a callProvider that was not answered says; it accepts nothing by itself. */
function reasonOf(outcome: SendOutcome): string {
  const failed = outcome as Failed;
  return failed.kind === 'refused' ? `${failed.code}: ${failed.reason}` : failed.reason;
}

/** Not about the stream or our rights to it, but about what was sent. */
const unfitCodes = new Set(['InvalidArgumentException', 'ValidationException', 'SerializationException']);

function isUnfit(outcome: SendOutcome): boolean {
  return outcome.kind === 'refused' && (outcome.statusCode === 413 || unfitCodes.has(outcome.code));
}
