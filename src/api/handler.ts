import type * as sdk from '@aws-sdk/client-pinpoint';
import type { Command } from '@smithy/types';
import type { OperationName } from '../contract/model/operations.ts';
import type { Deps } from '../deps.ts';

type Sdk = typeof sdk;
/** The SDK's input of an operation: path, query and payload members side by side (`ApplicationId`, `CreateApplicationRequest`). */
export type Input<N extends OperationName> = NonNullable<ConstructorParameters<Sdk[`${N}Command`]>[0]>;

/** The SDK's output of an operation without its metadata (`{ ApplicationResponse }`). */
export type Output<N extends OperationName> =
  // biome-ignore lint/suspicious/noExplicitAny: only the output is asked of the SDK's command type
  InstanceType<Sdk[`${N}Command`]> extends Command<any, any, any, infer O, any>
    ? Omit<O, '$metadata'>
    : never;

/** What a handler has besides its input. */
export interface Call {
  readonly deps: Deps;
  /** Echoed as `x-amzn-RequestId`. */
  readonly requestId: string;
  /** Whose signature the request bears. */
  readonly accessKeyId: string;
  /**
   * Of what creates or sends: a uuid v7, the same for every try of one request, by the client's own word for it
   * (`x-repoint-idempotency-key`, else `amz-sdk-invocation-id`); of the rest the SDK's.
   */
  readonly invocationId: string | undefined;
  /** Whether an earlier try of it was let in. */
  readonly isRepeat: boolean;
  /** Adds a line to the `x-repoint-warnings` header and to the log: nothing about a person. */
  warn(text: string): void;
  /** Adds a line to the header only: it may quote a key of the request, such as an address. */
  hint(text: string): void;
  /** Sets a header of a successful answer: what the body, which is Pinpoint's own, has no member for. */
  setHeader(name: `x-repoint-${string}`, value: string): void;
}

/** Handlers by operation; one that is missing answers 501 with its name and stands so in docs/coverage.md. */
export type Handlers = {
  readonly [N in OperationName]?: (input: Input<N>, call: Call) => Promise<Output<N>>;
};
