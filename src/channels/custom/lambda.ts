import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { callProvider } from '../providerCall.ts';
import { DELIVERY_FAILURE, type Posted } from './webhook.ts';

/**
 * Invokes a Lambda function once and waits for its answer. A function that failed may have done its work before, so
 * that is `unknown`, as an HTTP 500 is.
 */
export async function invokeLambda(
  client: LambdaClient,
  functionName: string,
  payload: object,
  { messageId, timeoutMs }: { readonly messageId: string; readonly timeoutMs: number },
): Promise<Posted> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: 'RequestResponse',
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  const result = await callProvider(command, (sent, options) => client.send(sent, options), timeoutMs);
  if (result.kind === 'refused') {
    const reason = `${result.code}: ${result.reason}`;
    return { outcome: { ...result, code: DELIVERY_FAILURE, reason }, body: null };
  }
  if (result.kind !== 'answered') return { outcome: result, body: null };
  const { FunctionError: error, Payload: answer, $metadata: metadata } = result.answer;
  if (error !== undefined)
    return { outcome: { kind: 'unknown', reason: `the function failed: ${error}` }, body: null };
  const providerMessageId = metadata.requestId ?? messageId;
  return {
    outcome: { kind: 'accepted', providerMessageId },
    body: answer === undefined ? null : Buffer.from(answer).toString('utf8'),
  };
}
