import { people } from './people.ts';
import type { Made, Traces } from './watch.ts';

export interface Places extends Made {
  readonly apiUrl: string;
  readonly mailboxUrl: string;
  readonly traces: Traces;
}

/** Where everything can be seen, and commands to go on with. */
export function whereToLook(places: Places): string[] {
  const { appId, campaignId, journeyId, apiUrl, mailboxUrl, traces } = places;
  const aws = `aws --endpoint-url ${apiUrl} pinpoint`;
  const links = people.flatMap(({ name, userId }) => {
    const link = traces.get(userId)?.Entries[0]?.WebUi;
    return typeof link === 'string' ? [`  ${`${name}'s workflow`.padEnd(19)}  ${link}`] : [];
  });
  return [
    '\nWhere to look',
    `  The mailbox          ${mailboxUrl}`,
    ...links,
    '\nTo try',
    '  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1',
    `  ${aws} get-user-endpoints --application-id ${appId} --user-id user123`,
    `  ${aws} get-campaign-activities --application-id ${appId} --campaign-id ${campaignId}`,
    `  ${aws} get-journey --application-id ${appId} --journey-id ${journeyId}`,
    '  and enter the journey yourself; the welcome e-mail is in the mailbox within a second or two:',
    `  ${aws} update-endpoint --application-id ${appId} --endpoint-id you-email --endpoint-request '${yourself}'`,
  ];
}

const yourself = JSON.stringify({
  ChannelType: 'EMAIL',
  Address: 'you@example.com',
  User: { UserId: 'you', UserAttributes: { Plan: ['premium'], FirstName: ['You'] } },
});
