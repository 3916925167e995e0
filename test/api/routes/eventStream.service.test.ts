import {
  DeleteEventStreamCommand,
  GetEventStreamCommand,
  PutEventStreamCommand,
} from '@aws-sdk/client-pinpoint';
import { expect, it } from 'vitest';
import { arnOf, RoleArn, useEventStream } from '../../support/eventStream.ts';

const { api, appId, putStream } = useEventStream();

it('puts, answers and deletes the stream as Pinpoint does', async () => {
  const { EventStream } = await putStream();
  expect(EventStream).toEqual({
    ApplicationId: appId(),
    DestinationStreamArn: arnOf('events'),
    RoleArn,
    LastModifiedDate: expect.stringMatching(/Z$/),
    LastUpdatedBy: 'AKIATESTTESTTESTTEST',
  });
  const input = { ApplicationId: appId() };
  expect((await api.client.send(new GetEventStreamCommand(input))).EventStream).toEqual(EventStream);
  expect((await api.client.send(new DeleteEventStreamCommand(input))).EventStream).toEqual(EventStream);
  for (const Command of [GetEventStreamCommand, DeleteEventStreamCommand])
    await expect(api.client.send(new Command(input))).rejects.toMatchObject({ name: 'NotFoundException' });
});

it('names everything that is wrong with a stream, and changes nothing', async () => {
  await putStream();
  const WriteEventStream = { DestinationStreamArn: 'arn:aws:sqs:us-east-1:1:queue', RoleArn: 'me' };
  const put = new PutEventStreamCommand({ ApplicationId: appId(), WriteEventStream });
  await expect(api.client.send(put)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringMatching(/DestinationStreamArn: must be .*queue.*; RoleArn: must be .*me/),
  });
  const { EventStream } = await api.client.send(new GetEventStreamCommand({ ApplicationId: appId() }));
  expect(EventStream?.DestinationStreamArn).toBe(arnOf('events'));
});
