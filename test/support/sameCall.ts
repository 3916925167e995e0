import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-pinpoint';
import type { FinalizeRequestMiddleware, MiddlewareStack } from '@smithy/types';

/** Has the SDK mark what it sends as tries of one call, as it marks its own retries. */
export function markAsSameCall(
  { middlewareStack }: { middlewareStack: MiddlewareStack<ServiceInputTypes, ServiceOutputTypes> },
  invocationId: string,
): void {
  const mark: FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next) => (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    headers['amz-sdk-invocation-id'] = invocationId;
    return next(args);
  };
  middlewareStack.addRelativeTo(mark, { relation: 'after', toMiddleware: 'retryMiddleware' });
}
