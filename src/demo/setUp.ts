import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CreateAppCommand,
  CreateImportJobCommand,
  CreateSegmentCommand,
  GetImportJobCommand,
  type ImportJobResponse,
  UpdateApnsChannelCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { peopleToImport } from './people.ts';
import { given, lookFor, type Stage } from './stage.ts';
import { tutorialRequest } from './tutorialFiles.ts';

/** By what the journey's durations are divided: its four days pass in eight seconds. */
export const timeScale = 43_200;

/** Step 1: the tutorial's project, whose journeys run fast. Answers its id. */
export async function createProject({ api, say }: Stage): Promise<string> {
  say('\nStep 1  A project');
  const { ApplicationResponse } = await api.client.send(
    new CreateAppCommand({ CreateApplicationRequest: tutorialRequest('01-create-app') }),
  );
  const appId = given(ApplicationResponse?.Id, "the project's id");
  await api.own('PUT', `/repoint/v1/apps/${appId}/time-scale`, { TimeScale: timeScale });
  say(`        APP_ID is ${appId}. Its journeys run ${timeScale} times as fast: a day takes two seconds.`);
  return appId;
}

/** Step 2: e-mail, SMS and push. */
export async function enableChannels({ api, say }: Stage, ApplicationId: string): Promise<void> {
  say('\nStep 2  Channels: e-mail, SMS, push to iPhone and Android');
  const { client } = api;
  const email = tutorialRequest<never>('02-update-email-channel');
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest: email }));
  const sms = tutorialRequest<never>('02-update-sms-channel');
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: sms }));
  const apns = tutorialRequest<never>('02-update-apns-channel');
  await client.send(new UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest: apns }));
  const gcm = tutorialRequest<never>('02-update-gcm-channel');
  await client.send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: gcm }));
}

/** Step 3: the tutorial's user by the tutorial's requests, two more from a file. */
export async function addPeople(
  stage: Stage,
  ApplicationId: string,
  s3Folder: string,
): Promise<ImportJobResponse> {
  const { client } = stage.api;
  stage.say('\nStep 3  People: user123 with an iPhone and an e-mail address; Ada and Cleo from a file');
  for (const kind of ['iphone', 'email']) {
    await client.send(
      new UpdateEndpointCommand({
        ApplicationId,
        EndpointId: `user123-${kind}`,
        EndpointRequest: tutorialRequest<never>(`03-update-endpoint-${kind}`),
      }),
    );
  }
  const folder = path.join(s3Folder, 'repoint-demo', 'endpoints');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'people.json'), peopleToImport());
  const ImportJobRequest = {
    ...tutorialRequest<{ Format: 'JSON'; RoleArn: string; RegisterEndpoints: boolean }>(
      '03-create-import-job',
    ),
    S3Url: 's3://repoint-demo/endpoints/people.json',
  };
  const created = await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
  const job = await importEnd(stage, ApplicationId, given(created.ImportJobResponse?.Id, "the job's id"));
  stage.say(
    `        The import is ${job.JobStatus}: ${job.TotalProcessed} endpoints read, ${job.TotalFailures} failures.`,
  );
  return job;
}

async function importEnd(stage: Stage, ApplicationId: string, JobId: string): Promise<ImportJobResponse> {
  let job: ImportJobResponse | undefined;
  const look = async () => {
    const answer = await stage.api.client.send(new GetImportJobCommand({ ApplicationId, JobId }));
    job = answer.ImportJobResponse;
    return job?.CompletionDate;
  };
  await lookFor(stage, look);
  return given(job, 'the import job');
}

/** Step 4: premium users. Answers the segment's id. */
export async function createSegment({ api, say }: Stage, ApplicationId: string): Promise<string> {
  say('\nStep 4  A segment: users with the premium plan');
  const { SegmentResponse } = await api.client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: tutorialRequest('04-create-segment') }),
  );
  return given(SegmentResponse?.Id, "the segment's id");
}
