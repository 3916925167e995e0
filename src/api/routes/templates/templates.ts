import type { Handlers } from '../../handler.ts';
import {
  activateVersion,
  createTemplate,
  getTemplate,
  parseTemplateType,
  removeTemplate,
  updateTemplateDocument,
} from './templateActions.ts';
import { listTemplatePage, listVersionPage } from './templateLists.ts';

export const templateHandlers = {
  CreateEmailTemplate: async (input, call) => ({
    CreateTemplateMessageBody: await createTemplate('EMAIL', input, input.EmailTemplateRequest, call),
  }),
  GetEmailTemplate: async (input, call) => ({
    EmailTemplateResponse: await getTemplate('EMAIL', input, call),
  }),
  UpdateEmailTemplate: async (input, call) => ({
    MessageBody: await updateTemplateDocument('EMAIL', input, input.EmailTemplateRequest, call),
  }),
  DeleteEmailTemplate: async (input, call) => ({ MessageBody: await removeTemplate('EMAIL', input, call) }),

  CreateSmsTemplate: async (input, call) => ({
    CreateTemplateMessageBody: await createTemplate('SMS', input, input.SMSTemplateRequest, call),
  }),
  GetSmsTemplate: async (input, call) => ({ SMSTemplateResponse: await getTemplate('SMS', input, call) }),
  UpdateSmsTemplate: async (input, call) => ({
    MessageBody: await updateTemplateDocument('SMS', input, input.SMSTemplateRequest, call),
  }),
  DeleteSmsTemplate: async (input, call) => ({ MessageBody: await removeTemplate('SMS', input, call) }),

  CreatePushTemplate: async (input, call) => ({
    CreateTemplateMessageBody: await createTemplate(
      'PUSH',
      input,
      input.PushNotificationTemplateRequest,
      call,
    ),
  }),
  GetPushTemplate: async (input, call) => ({
    PushNotificationTemplateResponse: await getTemplate('PUSH', input, call),
  }),
  UpdatePushTemplate: async (input, call) => ({
    MessageBody: await updateTemplateDocument('PUSH', input, input.PushNotificationTemplateRequest, call),
  }),
  DeletePushTemplate: async (input, call) => ({ MessageBody: await removeTemplate('PUSH', input, call) }),

  CreateVoiceTemplate: async (input, call) => ({
    CreateTemplateMessageBody: await createTemplate('VOICE', input, input.VoiceTemplateRequest, call),
  }),
  GetVoiceTemplate: async (input, call) => ({
    VoiceTemplateResponse: await getTemplate('VOICE', input, call),
  }),
  UpdateVoiceTemplate: async (input, call) => ({
    MessageBody: await updateTemplateDocument('VOICE', input, input.VoiceTemplateRequest, call),
  }),
  DeleteVoiceTemplate: async (input, call) => ({ MessageBody: await removeTemplate('VOICE', input, call) }),

  CreateInAppTemplate: async (input, call) => ({
    TemplateCreateMessageBody: await createTemplate('INAPP', input, input.InAppTemplateRequest, call),
  }),
  GetInAppTemplate: async (input, call) => ({
    InAppTemplateResponse: await getTemplate('INAPP', input, call),
  }),
  UpdateInAppTemplate: async (input, call) => ({
    MessageBody: await updateTemplateDocument('INAPP', input, input.InAppTemplateRequest, call),
  }),
  DeleteInAppTemplate: async (input, call) => ({ MessageBody: await removeTemplate('INAPP', input, call) }),

  ListTemplates: async (input, call) => ({ TemplatesResponse: await listTemplatePage(input, call) }),
  ListTemplateVersions: async (input, call) => ({
    TemplateVersionsResponse: await listVersionPage(parseTemplateType(input.TemplateType), input, call),
  }),
  UpdateTemplateActiveVersion: async (input, call) => ({
    MessageBody: await activateVersion(
      parseTemplateType(input.TemplateType),
      input,
      input.TemplateActiveVersionRequest?.Version,
      call,
    ),
  }),
} satisfies Handlers;
