import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStreams } from '../../../src/channels/streams/createStreams.ts';
import { readConfig } from '../../../src/config.ts';
import { parseStreamArn } from '../../../src/domain/stream/destination.ts';
import { createS3Client } from '../../../src/files/s3Files.ts';
import { testSettings } from '../../../src/testing/testDeps.ts';
import { hasMoto, startMoto } from '../../support/moto.ts';

const roleArn = 'arn:aws:iam::123456789012:role/Stream';

describe.skipIf(!hasMoto())('streams at AWS', () => {
  let motoUrl: string;
  let proxy: Server;
  let url: string;
  let seen: { readonly keyId: string; readonly isAssume: boolean }[] = [];

  /** Passes everything on to moto and notes who asked. */
  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
    motoUrl = (await startMoto()).url;
    proxy = createServer(async (request, response) => {
      const body = await buffer(request);
      const { host, connection, 'transfer-encoding': _, ...headers } = request.headers;
      const [, keyId = ''] = /Credential=(\w+)\//.exec(String(headers.authorization)) ?? [];
      seen.push({ keyId, isAssume: body.includes('Action=AssumeRole') });
      const answer = await fetch(`${motoUrl}${request.url}`, {
        method: request.method ?? 'POST',
        headers: headers as Record<string, string>,
        body,
      });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    proxy?.closeAllConnections();
    proxy?.close();
  });

  async function deliveryStream(): Promise<{ arn: string; bucket: string }> {
    const bucket = `stream-${randomUUID()}`;
    await createS3Client({ region: 'us-east-1', url: motoUrl }).send(
      new CreateBucketCommand({ Bucket: bucket }),
    );
    const { DeliveryStreamARN: arn = '' } = await new FirehoseClient({
      region: 'us-east-1',
      endpoint: motoUrl,
    }).send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: bucket.slice(0, 60),
        ExtendedS3DestinationConfiguration: { RoleARN: roleArn, BucketARN: `arn:aws:s3:::${bucket}` },
      }),
    );
    return { arn, bucket };
  }

  function open(arn: string, settings: Record<string, string> = {}) {
    const config = readConfig({ ...testSettings, REPOINT_UPSTREAM_STREAMS_URL: url, ...settings });
    const place = parseStreamArn(arn);
    if (place === null) throw new Error(`${arn} is no stream`);
    return createStreams(config)('app1', { ...place, arn, roleArn });
  }

  const items = ['{"a":1}\n', '{"b":2}\n'].map((line, index) => ({
    id: String(index),
    key: `key${index}`,
    bytes: Buffer.from(line),
  }));

  it('Firehose gets records that become JSON lines in S3, put with the process’s own credentials', async () => {
    const { arn, bucket } = await deliveryStream();
    expect(await open(arn).put(items)).toMatchObject({ taken: new Set(['0', '1']), failure: null });
    expect(seen).toEqual([{ keyId: 'testing', isAssume: false }]);
    const s3 = createS3Client({ region: 'us-east-1', url: motoUrl });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents[0]?.Key }));
    expect(await text(Body as NodeJS.ReadableStream & AsyncIterable<Uint8Array>)).toBe('{"a":1}\n{"b":2}\n');
  });

  it('assumes the stream’s role where the setting says so, and puts with what that gives', async () => {
    const { arn } = await deliveryStream();
    const door = open(arn, { REPOINT_STREAM_ASSUME_ROLE: 'true' });
    expect(await door.put(items)).toMatchObject({ failure: null });
    expect(seen).toMatchObject([
      { keyId: 'testing', isAssume: true },
      { keyId: expect.stringMatching(/^ASIA/), isAssume: false },
    ]);
  });

  it('that are not there take nothing and are not held against the records', async () => {
    const answer = await open('arn:aws:firehose:us-east-1:123456789012:deliverystream/gone').put(items);
    expect(answer).toMatchObject({
      taken: new Set(),
      failure: expect.stringContaining('ResourceNotFound'),
      isUnfit: false,
    });
  });
});
