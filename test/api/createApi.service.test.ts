import {
  CreateAppCommand,
  CreateVoiceTemplateCommand,
  GetAppCommand,
  GetEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from '../../src/api/handler.ts';
import { handlers } from '../../src/api/handlers.ts';
import { createLog } from '../../src/log.ts';
import { createApp, startTestApi, useApi } from '../support/api.ts';
import { useDatabase } from '../support/database.ts';
import { callSigned, sendRaw, signedBySdk } from '../support/signedRequest.ts';

/** Repoint's table with handlers that show what reached them. */
const table: Handlers = {
  ...handlers,
  GetEndpoint: async (input, call) => {
    if (input.EndpointId === 'fail') throw new Error('recognisable cause');
    return { EndpointResponse: { Id: input.EndpointId, RequestId: call.invocationId } };
  },
  CreateVoiceTemplate: undefined,
};

let failing = false;
let appId: string;
const database = useDatabase();
const api = useApi(database, {
  handlers: table,
  health: {
    database: async () => {
      if (failing) throw new Error('down');
    },
    worker: async () => {},
  },
});
beforeAll(async () => {
  appId = await createApp(api.client);
});

const getEndpoint = (EndpointId: string) => new GetEndpointCommand({ ApplicationId: appId, EndpointId });

describe('ids', () => {
  it.each(['a/b', '100%', 'p+q', 'a%2Fb', 'ü日本', 'x//y', '?#', 'a b', "!'()*", 'a:b@c', '%2e%2e'])(
    'such as %j reach the handler unchanged',
    async (id) => {
      expect((await api.client.send(getEndpoint(id))).EndpointResponse?.Id).toBe(id);
    },
  );

  it.each(['.', '..'])('%j are refused', async (id) => {
    await expect(api.client.send(getEndpoint(id))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('answers', () => {
  it('carry a request id, the same in the header and in the body of an error', async () => {
    const failure = await api.client.send(new GetAppCommand({ ApplicationId: 'none' })).catch((e) => e);
    expect(failure).toMatchObject({
      name: 'NotFoundException',
      RequestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      $metadata: { httpStatusCode: 404 },
    });
    expect(failure.$metadata.requestId).toBe(failure.RequestID);
  });

  it("pass the SDK's invocation id to the handler", async () => {
    const answer = await api.client.send(getEndpoint('e'));
    expect(answer.EndpointResponse?.RequestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('500 hides the cause', async () => {
    await expect(api.client.send(getEndpoint('fail'))).rejects.toMatchObject({
      name: 'InternalServerErrorException',
      message: expect.not.stringContaining('recognisable'),
    });
  });

  it('501 names an operation that is not built', async () => {
    const command = new CreateVoiceTemplateCommand({ TemplateName: 't', VoiceTemplateRequest: {} });
    await expect(api.client.send(command)).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: 'CreateVoiceTemplate is not implemented by Repoint yet',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('404 for an unknown app before the handler runs', async () => {
    await expect(
      api.client.send(new GetEndpointCommand({ ApplicationId: 'none', EndpointId: 'fail' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('404 in JSON for an unknown path, signed or not', async () => {
    const answer = await sendRaw(api.url, { target: '/nothing' });
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'NotFoundException', 'content-type': 'application/json' },
    });
    expect(JSON.parse(answer.body)).toHaveProperty('Message');
  });

  it('warn in a header of what was left out', async () => {
    const body = JSON.stringify({ Name: 'x', Tags: {}, Größe: 1 });
    const answer = await callSigned(api.url, { method: 'POST', target: '/v1/apps', body });
    expect(answer.status).toBe(201);
    expect(answer.headers['x-repoint-warnings']).toBe(
      'Tags: CreateApplicationRequest has no such member (did you mean tags?); ignored | Gr%C3%B6%C3%9Fe: CreateApplicationRequest has no such member; ignored',
    );
  });

  it('keep an address that is the key of a member out of the log, though the caller is told', async () => {
    const lines: string[] = [];
    const log = createLog('trace', { write: (line) => lines.push(line) });
    const logging = await startTestApi(database, { deps: { log } });
    const addresses = { 'ann@example.com': { ChannelType: 'EMAIL', Colour: 'red' } };
    const body = JSON.stringify({ Addresses: addresses, MessageConfiguration: {} });
    const target = `/v1/apps/${appId}/messages`;
    const answer = await callSigned(logging.url, { method: 'POST', target, body });
    await logging.close();
    expect(answer.headers['x-repoint-warnings']).toContain('ann@example.com.Colour');
    expect(lines.join('')).not.toContain('ann@example.com');
  });

  it('404 tells of an id that is empty, as of a variable that is not set', async () => {
    const answer = await callSigned(api.url, { method: 'GET', target: `/v1/apps/${appId}/endpoints/` });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body).Message).toContain('/endpoints/, where an id is empty');
  });

  it('405 names the methods that are allowed', async () => {
    const answer = await callSigned(api.url, { method: 'PATCH', target: '/v1/apps' });
    expect(answer).toMatchObject({
      status: 405,
      headers: { 'x-amzn-errortype': 'MethodNotAllowedException' },
      body: expect.stringContaining('allowed: POST, GET'),
    });
  });

  it('400 names every member that is missing or of the wrong type', async () => {
    const body = JSON.stringify({ tags: { a: 1 } });
    const answer = await callSigned(api.url, { method: 'POST', target: '/v1/apps', body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).Message).toBe('Name: is required; tags.a: must be a string; given 1');
  });
});

describe('bodies', () => {
  it('413 over 7 MB, by their declared length or by counting', async () => {
    const body = JSON.stringify({ Name: 'x'.repeat(7 * 1024 * 1024) });
    const request = await signedBySdk(api.url, createApp);
    const declared = { ...request.headers, 'content-length': String(body.length) };
    expect(await sendRaw(api.url, { ...request, headers: declared, body })).toMatchObject({
      status: 413,
      headers: { 'x-amzn-errortype': 'PayloadTooLargeException' },
    });
    const { 'content-length': _, ...others } = request.headers;
    const chunked = { ...others, 'transfer-encoding': 'chunked' };
    expect((await sendRaw(api.url, { ...request, headers: chunked, body })).status).toBe(413);
  });

  it('a chunked one, without a length, is read and checked like any other', async () => {
    const request = await signedBySdk(api.url, (client) => {
      client.middlewareStack.remove('contentLengthMiddleware');
      return createApp(client);
    });
    const headers = { ...request.headers, 'transfer-encoding': 'chunked' };
    expect(headers).not.toHaveProperty('content-length');
    expect(await sendRaw(api.url, { ...request, headers })).toMatchObject({ status: 201 });
    const changed = { ...request, headers, body: `${request.body} ` };
    expect(await sendRaw(api.url, changed)).toMatchObject({ status: 403 });
  });

  it('just under 7 MB pass', async () => {
    const created = await api.client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'x'.repeat(6_900_000) } }),
    );
    expect(created.$metadata.httpStatusCode).toBe(201);
  });
});

describe('GET /healthz', () => {
  it('200 while every check passes, 503 with the names of those that fail', async () => {
    expect(await sendRaw(api.url, { target: '/healthz' })).toMatchObject({ status: 200 });
    failing = true;
    const answer = await sendRaw(api.url, { target: '/healthz' });
    failing = false;
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({ status: 'failing', failing: ['database'] });
  });
});

describe('/repoint/v1/apps/{id}/upstream', () => {
  const target = () => `/repoint/v1/apps/${appId}/upstream`;
  it('names the upstream app', async () => {
    const body = JSON.stringify({ UpstreamAppId: 'abc123' });
    expect(await callSigned(api.url, { method: 'PUT', target: target(), body })).toMatchObject({
      status: 200,
      body,
    });
    expect((await callSigned(api.url, { method: 'GET', target: target() })).body).toBe(body);
  });

  it.each(['{}', '{"UpstreamAppId":"not an id"}', '{"UpstreamAppId":"a","More":1}', '[]', '{'])(
    '400 for %s',
    async (body) => {
      expect(await callSigned(api.url, { method: 'PUT', target: target(), body })).toMatchObject({
        status: 400,
        headers: { 'x-amzn-errortype': 'BadRequestException' },
      });
    },
  );

  it('404 for an unknown app', async () => {
    const body = JSON.stringify({ UpstreamAppId: 'abc123' });
    const answer = await callSigned(api.url, {
      method: 'PUT',
      target: '/repoint/v1/apps/none/upstream',
      body,
    });
    expect(answer.status).toBe(404);
  });
});
