import {
  GetApplicationSettingsCommand,
  UpdateApplicationSettingsCommand,
  type WriteApplicationSettingsRequest,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, expect, it } from 'vitest';
import { createApp, useApi } from '../../support/api.ts';

let ApplicationId: string;
const api = useApi();
beforeEach(async () => {
  ApplicationId = await createApp(api.client);
});

async function update(request: WriteApplicationSettingsRequest) {
  const command = new UpdateApplicationSettingsCommand({
    ApplicationId,
    WriteApplicationSettingsRequest: request,
  });
  return (await api.client.send(command)).ApplicationSettingsResource;
}

async function get() {
  return (await api.client.send(new GetApplicationSettingsCommand({ ApplicationId })))
    .ApplicationSettingsResource;
}

it('are empty before they are written', async () => {
  expect(await get()).toEqual({
    ApplicationId,
    LastModifiedDate: expect.any(String),
    Limits: {},
    QuietTime: {},
    JourneyLimits: {},
  });
});

it('come back as they were written, whole: an update replaces them', async () => {
  const Limits = { Daily: 3, MaximumDuration: 600, MessagesPerSecond: 50, Total: 9 };
  const QuietTime = { Start: '22:00', End: '07:00' };
  const JourneyLimits = { DailyCap: 2, TotalCap: 0, TimeframeCap: { Cap: 5, Days: 7 } };
  const written = await update({ Limits, QuietTime, JourneyLimits, CloudWatchMetricsEnabled: true });
  expect(written).toMatchObject({ ApplicationId, Limits, QuietTime, JourneyLimits });
  expect(await get()).toEqual(written);
  await update({ QuietTime });
  expect(await get()).toMatchObject({ Limits: {}, QuietTime, JourneyLimits: {} });
});

it('are refused with every problem at once, and stay as they were', async () => {
  const refused = update({
    Limits: { Daily: 101 },
    QuietTime: { Start: '22:00' },
    JourneyLimits: { TotalCap: 101, TimeframeCap: { Days: 31 } },
  });
  await expect(refused).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(refused).rejects.toThrow(
    /Limits\.Daily.*QuietTime\.End.*JourneyLimits\.TotalCap.*JourneyLimits\.TimeframeCap\.Days/,
  );
  expect(await get()).toMatchObject({ Limits: {} });
});

it('refuse a campaign hook, which is not built', async () => {
  const hooked = update({ CampaignHook: { LambdaFunctionName: 'hook', Mode: 'FILTER' } });
  await expect(hooked).rejects.toMatchObject({ name: 'NotImplementedException' });
  await expect(update({ CampaignHook: {} })).resolves.toMatchObject({ ApplicationId });
});
