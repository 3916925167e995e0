import type { WriteEventStream } from '@aws-sdk/client-pinpoint';
import { refuseAny } from '../domain/errors.ts';
import { type AwsStream, parseStreamArn } from '../domain/stream/destination.ts';
import { roleProblems } from './roleArn.ts';
import { shown } from './text.ts';

const arnForms =
  'arn:aws:kinesis:region:account-id:stream/name or arn:aws:firehose:region:account-id:deliverystream/name';

/**
 * Reads the request of PutEventStream.
 * @throws RepointError BadRequest with every problem
 */
export function parseEventStream({
  DestinationStreamArn = '',
  RoleArn = '',
}: Partial<WriteEventStream>): AwsStream {
  const stream = parseStreamArn(DestinationStreamArn);
  const message = `must be of the form ${arnForms}; given ${shown(DestinationStreamArn)}`;
  refuseAny([...(stream ? [] : [{ path: 'DestinationStreamArn', message }]), ...roleProblems(RoleArn)]);
  const { kind = 'kinesis', region = '', name = '' } = stream ?? {};
  return { kind, region, name, arn: DestinationStreamArn, roleArn: RoleArn };
}
