import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-pinpoint';
import type { FinalizeRequestMiddleware, MiddlewareStack } from '@smithy/types';

interface Client {
  readonly middlewareStack: MiddlewareStack<ServiceInputTypes, ServiceOutputTypes>;
}

/** Has the SDK mark what it sends as tries of one call, as it marks its own retries. */
export function markAsSameCall(client: Client, invocationId: string): void {
  setHeader(client, 'amz-sdk-invocation-id', invocationId);
}

/** Has the SDK send a key of the caller's own with whatever it sends. */
export function sendWithKey(client: Client, key: string): void {
  setHeader(client, 'x-repoint-idempotency-key', key);
}

function setHeader({ middlewareStack }: Client, name: string, value: string): void {
  const mark: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    headers[name] = value;
    return next(args);
  };
  middlewareStack.addRelativeTo(mark, {
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    name,
    override: true,
  });
}
