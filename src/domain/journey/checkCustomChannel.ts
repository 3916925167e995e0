import { parseDeliveryUri } from './deliveryUri.ts';
import { type Finding, finding } from './finding.ts';

const always = finding('always');
const publish = finding('publish');
const warning = finding('warning');

/** As long as Pinpoint lets a custom message's data be. */
const MOST_DATA = 5000;

/** What is wrong with what a custom channel is told; absent is fine. */
export function checkCustomData(path: string, data = ''): Finding[] {
  if (data.length <= MOST_DATA) return [];
  return [always(path, `${data.length} characters; at most ${MOST_DATA}`)];
}

/** What is wrong with where a custom channel is. */
export function checkDeliveryUri(path: string, text: string): Finding[] {
  if (text === '')
    return [publish(path, 'missing; write an https:// URL, or the name or ARN of a Lambda function')];
  const uri = parseDeliveryUri(text);
  if ('problem' in uri) return [always(path, uri.problem)];
  if (uri.kind === 'lambda' || uri.isEncrypted) return [];
  return [warning(path, 'not https; it is called only at an address that REPOINT_WEBHOOK_ALLOW allows')];
}
