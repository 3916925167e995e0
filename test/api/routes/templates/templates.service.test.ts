import {
  CreateEmailTemplateCommand,
  CreateInAppTemplateCommand,
  CreatePushTemplateCommand,
  CreateSmsTemplateCommand,
  CreateVoiceTemplateCommand,
  DeleteEmailTemplateCommand,
  GetEmailTemplateCommand,
  GetInAppTemplateCommand,
  GetPushTemplateCommand,
  GetVoiceTemplateCommand,
  ListTemplatesCommand,
  ListTemplateVersionsCommand,
  UpdateEmailTemplateCommand,
  UpdateTemplateActiveVersionCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, test } from 'vitest';
import { useApi } from '../../../support/api.ts';

const api = useApi();

const createEmail = (TemplateName: string, request: object = { Subject: 'one' }) =>
  api.client.send(new CreateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: request }));
const getEmail = async (TemplateName: string, Version?: string) =>
  (await api.client.send(new GetEmailTemplateCommand({ TemplateName, Version }))).EmailTemplateResponse;
const updateEmail = (TemplateName: string, Subject: string, rest: object = {}) =>
  api.client.send(
    new UpdateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: { Subject }, ...rest }),
  );
const activate = (TemplateName: string, Version: string) =>
  api.client.send(
    new UpdateTemplateActiveVersionCommand({
      TemplateName,
      TemplateType: 'EMAIL',
      TemplateActiveVersionRequest: { Version },
    }),
  );
const removeEmail = (TemplateName: string, Version?: string) =>
  api.client.send(new DeleteEmailTemplateCommand({ TemplateName, Version }));

describe('create and get', () => {
  test('an e-mail template comes back as it was given, as version 1', async () => {
    const request = {
      Subject: 'Hello {{User.UserAttributes.FirstName}}',
      HtmlPart: '<p>{{Attributes.Plan.[0]}}</p>',
      TextPart: 'text',
      Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com/{{Id}}>' }],
      DefaultSubstitutions: '{"User.UserAttributes.FirstName":"friend"}',
      TemplateDescription: 'welcome',
    };
    const created = await createEmail('welcome', { ...request, tags: { Team: 'growth' } });
    expect(created.$metadata.httpStatusCode).toBe(201);
    const arn = 'arn:aws:mobiletargeting:us-east-1:000000000000:templates/welcome/EMAIL';
    expect(created.CreateTemplateMessageBody).toMatchObject({ Arn: arn, Message: 'Created' });
    expect(await getEmail('welcome')).toMatchObject({
      ...request,
      Arn: arn,
      TemplateName: 'welcome',
      TemplateType: 'EMAIL',
      Version: '1',
      tags: { Team: 'growth' },
    });
  });

  test('names are unique by type', async () => {
    await createEmail('twice');
    await expect(createEmail('twice')).rejects.toMatchObject({ name: 'BadRequestException' });
    await api.client.send(
      new CreateSmsTemplateCommand({ TemplateName: 'twice', SMSTemplateRequest: { Body: 'x' } }),
    );
  });

  test('push, voice and in-app templates are kept as well', async () => {
    const push = { Default: { Title: 'T', Body: 'B {{Id}}' }, APNS: { RawContent: '{"aps":{}}' } };
    await api.client.send(
      new CreatePushTemplateCommand({ TemplateName: 'kept', PushNotificationTemplateRequest: push }),
    );
    await api.client.send(
      new CreateVoiceTemplateCommand({ TemplateName: 'kept', VoiceTemplateRequest: { Body: 'hi' } }),
    );
    await api.client.send(
      new CreateInAppTemplateCommand({
        TemplateName: 'kept',
        InAppTemplateRequest: { Layout: 'TOP_BANNER' },
      }),
    );
    const named = { TemplateName: 'kept' };
    expect(
      (await api.client.send(new GetPushTemplateCommand(named))).PushNotificationTemplateResponse,
    ).toMatchObject(push);
    expect((await api.client.send(new GetVoiceTemplateCommand(named))).VoiceTemplateResponse?.Body).toBe(
      'hi',
    );
    expect((await api.client.send(new GetInAppTemplateCommand(named))).InAppTemplateResponse?.Layout).toBe(
      'TOP_BANNER',
    );
  });

  test('one answer names every fault, with its part', async () => {
    const request = {
      Subject: '{{#if}}',
      HtmlPart: '{{exec "ls"}}',
      DefaultSubstitutions: '{not json',
      Headers: [{ Name: 'Bad Name', Value: 'a\r\nBcc: x' }],
      tags: { 'aws:team': 'growth' },
    };
    const failed: unknown = await createEmail('-bad', request).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'BadRequestException' });
    const text = String(failed);
    for (const part of [
      'template-name',
      'Subject: Parse error',
      'HtmlPart: ',
      'DefaultSubstitutions',
      'Headers[0].Name',
      'Headers[0].Value',
      'tags.aws:team',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('unknown helper exec');
    await expect(getEmail('-bad')).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('what is not there is a 404', async () => {
    await expect(getEmail('nothing')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(getEmail('welcome', '7')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(updateEmail('nothing', 'x')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(removeEmail('nothing')).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('versions', () => {
  test('an update writes over the latest, or adds a version; the active one stays until it is moved', async () => {
    await createEmail('versions');
    await updateEmail('versions', 'one, mended');
    expect(await getEmail('versions')).toMatchObject({ Subject: 'one, mended', Version: '1' });
    const added = await updateEmail('versions', 'two', { CreateNewVersion: true });
    expect(added.$metadata.httpStatusCode).toBe(202);
    expect(await getEmail('versions')).toMatchObject({ Subject: 'one, mended', Version: '1' });
    await activate('versions', 'latest');
    expect(await getEmail('versions')).toMatchObject({ Subject: 'two', Version: '2' });
    await activate('versions', '1');
    expect(await getEmail('versions')).toMatchObject({ Version: '1' });
  });

  test('an update for a version that is no longer the latest is refused', async () => {
    await createEmail('guarded');
    await updateEmail('guarded', 'two', { CreateNewVersion: true });
    await expect(updateEmail('guarded', 'lost', { Version: '1' })).rejects.toThrow(/latest version, 2/);
    await updateEmail('guarded', 'two, mended', { Version: '2' });
    await expect(updateEmail('guarded', 'x', { Version: '2', CreateNewVersion: true })).rejects.toMatchObject(
      { name: 'BadRequestException' },
    );
    await expect(activate('guarded', '9')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(activate('guarded', 'newest')).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('a deleted version’s number is not used again, and the highest left becomes active', async () => {
    await createEmail('deleted');
    await updateEmail('deleted', 'two', { CreateNewVersion: true });
    await activate('deleted', '2');
    await removeEmail('deleted', '2');
    expect(await getEmail('deleted')).toMatchObject({ Version: '1' });
    await updateEmail('deleted', 'one, mended');
    expect(await getEmail('deleted')).toMatchObject({ Version: '1', Subject: 'one, mended' });
    await updateEmail('deleted', 'three', { CreateNewVersion: true });
    expect(await getEmail('deleted', '3')).toMatchObject({ Subject: 'three' });
    await expect(getEmail('deleted', '2')).rejects.toMatchObject({ name: 'NotFoundException' });
    await removeEmail('deleted');
    await expect(getEmail('deleted')).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('versions are listed newest first, a page at a time', async () => {
    await createEmail('paged');
    for (const subject of ['two', 'three']) await updateEmail('paged', subject, { CreateNewVersion: true });
    const named = { TemplateName: 'paged', TemplateType: 'EMAIL', PageSize: '2' };
    const first = (await api.client.send(new ListTemplateVersionsCommand(named))).TemplateVersionsResponse;
    expect(first?.Item?.map((item) => item.Version)).toEqual(['3', '2']);
    const rest = await api.client.send(
      new ListTemplateVersionsCommand({ ...named, NextToken: first?.NextToken }),
    );
    expect(rest.TemplateVersionsResponse?.Item?.map((item) => item.Version)).toEqual(['1']);
    expect(rest.TemplateVersionsResponse?.NextToken).toBeUndefined();
  });
});

describe('list', () => {
  test('by beginning and type, every template once over the pages', async () => {
    for (const name of ['list-a', 'list-b', 'list-c', 'LIST-d']) await createEmail(name);
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await api.client.send(
        new ListTemplatesCommand({ Prefix: 'list-', TemplateType: 'EMAIL', PageSize: '1', NextToken }),
      );
      names.push(...(page.TemplatesResponse?.Item ?? []).map((item) => item.TemplateName));
      NextToken = page.TemplatesResponse?.NextToken;
    } while (NextToken !== undefined);
    expect(names.sort()).toEqual(['list-a', 'list-b', 'list-c']);
  });

  test('a type that is none is a 400 that names the types', async () => {
    await expect(api.client.send(new ListTemplatesCommand({ TemplateType: 'FAX' }))).rejects.toThrow(
      /EMAIL, SMS, PUSH, VOICE, INAPP/,
    );
  });
});
