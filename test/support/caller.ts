import * as sdk from '@aws-sdk/client-pinpoint';
import { type PinpointClient, PinpointServiceException } from '@aws-sdk/client-pinpoint';
import type { Input, Output } from '../../src/api/handler.ts';
import type { OperationName } from '../../src/contract/model/operations.ts';
import { aws, awsCliIsThere, awsWithStatus } from './awsCli.ts';

/** One way in which customers reach Pinpoint, so that one test can be run through each of them. */
export interface Caller {
  /** Calls an operation and answers its output beside the HTTP status. */
  call<N extends OperationName>(operation: N, input: Input<N>): Promise<Answer<N>>;
  /** Calls an operation that has to be refused. */
  refusal<N extends OperationName>(operation: N, input: Input<N>): Promise<Refusal>;
}

export type Answer<N extends OperationName> = Output<N> & { readonly status: number };

/** The exception as the client names it, and its message. */
export interface Refusal {
  readonly type: string;
  readonly message: string;
}

type AnyCommand = Parameters<PinpointClient['send']>[0];

/** `@aws-sdk/client-pinpoint`. */
export function sdkCaller(client: PinpointClient): Caller {
  const send = (operation: OperationName, input: object) => {
    const Command = Reflect.get(sdk, `${operation}Command`) as new (input: object) => AnyCommand;
    return client.send(new Command(input));
  };
  return {
    call: async (operation, input) => {
      const { $metadata, ...output } = await send(operation, input);
      return { ...output, status: $metadata.httpStatusCode } as Answer<typeof operation>;
    },
    refusal: async (operation, input) => {
      const error = await send(operation, input).then(unexpected, (refused: unknown) => refused);
      if (!(error instanceof PinpointServiceException)) throw error;
      return { type: error.name, message: error.message };
    },
  };
}

/** The real `aws` command, with its options as the tutorial writes them. */
export function cliCaller(url: string): Caller {
  return {
    call: async (operation, input) => {
      const { status, output } = await awsWithStatus(url, command(operation, input));
      return { ...(output as object), status } as Answer<typeof operation>;
    },
    refusal: async (operation, input) => {
      const error = await aws(url, command(operation, input)).then(unexpected, (refused: unknown) => refused);
      const { stderr } = error as { stderr?: string };
      const [, type = '', message = ''] =
        /An error occurred \((\w+)\) when calling the \w+ operation: (.*)/s.exec(stderr ?? '') ?? [];
      if (type === '') throw error;
      return { type, message: message.trim() };
    },
  };
}

/** Both, for `describe.each`; the CLI only where it is installed. */
export const callers: readonly (readonly [
  string,
  (at: { url: string; client: PinpointClient }) => Caller,
])[] = [
  ['@aws-sdk/client-pinpoint', ({ client }) => sdkCaller(client)],
  ...(awsCliIsThere ? [['the AWS CLI', ({ url }: { url: string }) => cliCaller(url)] as const] : []),
];

function unexpected(): never {
  throw new Error('it was accepted');
}

/** `CreateApp` and `{ApplicationId: "a"}` as `pinpoint create-app --application-id a`. */
export function command(operation: string, input: object): string[] {
  const options = Object.entries(input).flatMap(([member, value]) => [
    `--${dashed(member)}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return ['pinpoint', dashed(operation), ...options];
}

/** Names as botocore forms the CLI's: `APNSChannelRequest` is `apns-channel-request`. */
function dashed(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
