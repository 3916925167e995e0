import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PinpointClient } from '@aws-sdk/client-pinpoint';
import { Command } from 'commander';
import { expect, onTestFinished, test } from 'vitest';
import { endpointUrlOption } from '../../src/cli/endpointUrl.ts';
import { ownApi } from '../../src/cli/ownApi.ts';
import { freePort } from '../../src/dev/ports.ts';

function ask(url: string) {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new PinpointClient({ endpoint: url, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return ownApi(client, url).own('GET', '/repoint/v1/apps/a/messages');
}

async function listen(answer: string): Promise<string> {
  const server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('where nothing listens, the command says where it asked', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await expect(ask(url)).rejects.toMatchObject({
    message: `Repoint cannot be reached at ${url} (--endpoint-url)`,
    cause: { code: 'ECONNREFUSED' },
  });
});

test('something else than Repoint is told as such', async () => {
  await expect(ask(await listen('<html>'))).rejects.toThrow(/answered 200: no JSON, so it is not Repoint$/);
});

test('an address may end with a slash', () => {
  const command = new Command().addOption(endpointUrlOption());
  command.parse(['--endpoint-url', 'https://repoint.example/'], { from: 'user' });
  expect(command.opts().endpointUrl).toBe('https://repoint.example');
});
