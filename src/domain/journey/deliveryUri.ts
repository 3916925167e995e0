/** Where a custom channel is. */
export type DeliveryUri =
  | { readonly kind: 'webhook'; readonly url: string; readonly isEncrypted: boolean }
  /** `region` where the name says it. */
  | { readonly kind: 'lambda'; readonly functionName: string; readonly region?: string };

const LONGEST = 2000;
/** A function's name, its partial or full ARN, each with a version or alias behind it or not. */
const functionName =
  /^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:\d{12}:)?(?:function:)?[A-Za-z0-9_-]{1,140}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;

/** Reads a DeliveryUri: a webhook's URL, or the name or ARN of a Lambda function; or says what is wrong with it. */
export function parseDeliveryUri(text: string): DeliveryUri | { readonly problem: string } {
  if (text.length > LONGEST) return { problem: `longer than ${LONGEST} characters` };
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if ((scheme === 'https' || scheme === 'http') && URL.canParse(text))
    return { kind: 'webhook', url: text, isEncrypted: scheme === 'https' };
  const named = functionName.exec(text);
  if (named === null)
    return { problem: `"${text}" is neither an https:// URL nor the name or ARN of a Lambda function` };
  const region = named.groups?.region;
  return { kind: 'lambda', functionName: text, ...(region !== undefined && { region }) };
}
