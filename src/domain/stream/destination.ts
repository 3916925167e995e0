/** Where an application's events are streamed to. */
export type StreamDestination =
  | {
      readonly kind: 'kinesis' | 'firehose';
      readonly arn: string;
      readonly region: string;
      readonly name: string;
      readonly roleArn: string;
    }
  | {
      readonly kind: 'https';
      readonly url: string;
      /** `whsec_` and base64: what signs the batches. */
      readonly secret: string;
    };

export type AwsStream = Extract<StreamDestination, { kind: 'kinesis' | 'firehose' }>;
export type HttpsStream = Extract<StreamDestination, { kind: 'https' }>;

const kinesisForm = /^arn:aws[a-z-]*:kinesis:([a-z0-9-]+):\d{12}:stream\/([A-Za-z0-9_.-]{1,128})$/;
const firehoseForm = /^arn:aws[a-z-]*:firehose:([a-z0-9-]+):\d{12}:deliverystream\/([A-Za-z0-9_.-]{1,64})$/;

/** Reads the ARN of a Kinesis data stream or a Firehose delivery stream; null for anything else. */
export function parseStreamArn(arn: string): Pick<AwsStream, 'kind' | 'region' | 'name'> | null {
  for (const [kind, form] of [
    ['kinesis', kinesisForm],
    ['firehose', firehoseForm],
  ] as const) {
    const [, region, name] = form.exec(arn) ?? [];
    if (region !== undefined && name !== undefined) return { kind, region, name };
  }
  return null;
}
