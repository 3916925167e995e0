import { expect, it } from 'vitest';
import { tutorial } from '../../support/tutorial.ts';
import { arnOf, hexId, someDate, type TutorialScene } from './scene.ts';

/** An application and its channels. */
export function projectSteps(scene: TutorialScene): void {
  const { call, refusal } = scene;

  it('step 1: an application with tags, which can be read, listed, tagged and untagged', async () => {
    const { status, ApplicationResponse: other } = await call('CreateApp', {
      CreateApplicationRequest: tutorial('01-create-app'),
    });
    expect(status).toBe(201);
    const app = {
      ...tutorial('01-create-app'),
      Id: expect.stringMatching(hexId),
      Arn: arnOf(`apps/${other?.Id}`),
      CreationDate: someDate,
    };
    expect(other).toEqual(app);
    const ResourceArn = other?.Arn ?? '';
    const [read, listed] = await Promise.all([
      call('GetApp', { ApplicationId: other?.Id ?? '' }),
      call('GetApps', {}),
    ]);
    expect(read).toEqual({ status: 200, ApplicationResponse: app });
    expect(listed.ApplicationsResponse?.Item).toContainEqual(app);
    const tagged = await call('TagResource', { ResourceArn, TagsModel: { tags: { Stage: 'trial' } } });
    expect(tagged.status).toBe(204);
    await call('UntagResource', { ResourceArn, TagKeys: ['Team', 'Environment'] });
    const tags = await call('ListTagsForResource', { ResourceArn });
    expect(tags).toEqual({ status: 200, TagsModel: { tags: { Stage: 'trial' } } });
    const deleted = await call('DeleteApp', { ApplicationId: other?.Id ?? '' });
    expect(deleted.ApplicationResponse).toEqual({ ...app, tags: { Stage: 'trial' } });
    expect(await refusal('GetApp', { ApplicationId: other?.Id ?? '' })).toEqual({
      type: 'NotFoundException',
      message: expect.stringContaining(other?.Id ?? ''),
    });
  });

  it('step 2: the four channels, which keep and answer no credential', async () => {
    const [email, sms, apns, gcm] = await Promise.all([
      call('UpdateEmailChannel', {
        ApplicationId: scene.ApplicationId,
        EmailChannelRequest: tutorial('02-update-email-channel'),
      }),
      call('UpdateSmsChannel', {
        ApplicationId: scene.ApplicationId,
        SMSChannelRequest: tutorial('02-update-sms-channel'),
      }),
      call('UpdateApnsChannel', {
        ApplicationId: scene.ApplicationId,
        APNSChannelRequest: tutorial('02-update-apns-channel'),
      }),
      call('UpdateGcmChannel', {
        ApplicationId: scene.ApplicationId,
        GCMChannelRequest: tutorial('02-update-gcm-channel'),
      }),
    ]);
    const common = {
      ApplicationId: scene.ApplicationId,
      Enabled: true,
      CreationDate: someDate,
      Version: 1,
      IsArchived: false,
    };
    expect(email.EmailChannelResponse).toMatchObject({
      ...common,
      ...tutorial('02-update-email-channel'),
      Platform: 'EMAIL',
      Id: 'email',
    });
    expect(sms.SMSChannelResponse).toMatchObject({ ...common, Platform: 'SMS', SenderId: 'MyApp' });
    expect(apns.APNSChannelResponse).toMatchObject({ ...common, Platform: 'APNS', HasCredential: true });
    expect(gcm.GCMChannelResponse).toMatchObject({ ...common, Platform: 'GCM', HasCredential: true });
    const rows = await scene.world.deps.db.selectFrom('channel').selectAll().execute();
    expect(JSON.stringify([email, sms, apns, gcm, rows])).not.toMatch(
      /your-fcm-server-key|PRIVATE KEY|BEGIN CERTIFICATE/,
    );
    const { ChannelsResponse: all } = await call('GetChannels', { ApplicationId: scene.ApplicationId });
    expect(Object.keys(all?.Channels ?? {}).sort()).toEqual(['APNS', 'EMAIL', 'GCM', 'SMS']);
    expect(
      (await call('GetApnsChannel', { ApplicationId: scene.ApplicationId })).APNSChannelResponse,
    ).toEqual(apns.APNSChannelResponse);
    await call('DeleteGcmChannel', { ApplicationId: scene.ApplicationId });
    expect(await refusal('GetGcmChannel', { ApplicationId: scene.ApplicationId })).toMatchObject({
      type: 'NotFoundException',
    });
  });
}
