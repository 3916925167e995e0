import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalRequests, headerValues, type RawRequest } from './canonicalRequest.ts';

/** What a signature proves. The types of refusals are AWS's own names, which its clients print. */
export type Verdict =
  | { readonly kind: 'verified'; readonly keyId: string }
  /** Well formed, but signed with a key we do not hold: it proves nothing. */
  | { readonly kind: 'unknownKey'; readonly keyId: string }
  | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly type:
    | 'MissingAuthenticationTokenException'
    | 'IncompleteSignatureException'
    | 'InvalidSignatureException'
    | 'UnrecognizedClientException'
    | 'ForbiddenException';
  readonly message: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const service = 'mobiletargeting';
const clockSkewMaxMs = 15 * 60 * 1000;
const authorizationPattern =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request *, *SignedHeaders=([a-z0-9;_-]+) *, *Signature=([0-9a-f]{64})$/;

interface Authorization {
  readonly keyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Checks a request's AWS Signature Version 4 over its real bytes, with the client's own list of signed headers.
 * Any region may be signed for: the client's need not be ours.
 * @param now real time; a request may be 15 minutes off
 */
export function verifySignature(request: RawRequest, keys: ReadonlyMap<string, string>, now: Date): Verdict {
  const [header, second] = headerValues(request, 'authorization');
  if (header === undefined)
    return refused('MissingAuthenticationTokenException', 'The request is not signed');
  const authorization = second === undefined ? parseAuthorization(header) : undefined;
  if (authorization === undefined) {
    return refused('IncompleteSignatureException', `The Authorization header is no ${algorithm} signature`);
  }
  const time = headerValues(request, 'x-amz-date');
  const fault = formFault(request, authorization, time, now);
  if (fault !== undefined) return refused('InvalidSignatureException', fault);
  const secret = keys.get(authorization.keyId);
  if (secret === undefined) return { kind: 'unknownKey', keyId: authorization.keyId };
  return matches(request, authorization, time[0] ?? '', secret)
    ? { kind: 'verified', keyId: authorization.keyId }
    : refused('InvalidSignatureException', mismatchMessage);
}

const mismatchMessage =
  'The signature does not match the request: check the secret access key, and that a proxy in between keeps the Host header';

function parseAuthorization(header: string): Authorization | undefined {
  const match = authorizationPattern.exec(header.trim());
  if (match === null) return undefined;
  const [, keyId = '', day = '', region = '', signedService = '', headers = '', signature = ''] = match;
  return { keyId, day, region, service: signedService, signedHeaders: headers.split(';'), signature };
}

function formFault(
  request: RawRequest,
  authorization: Authorization,
  time: readonly string[],
  now: Date,
): string | undefined {
  if (authorization.service !== service) {
    return `The credential is scoped to the service ${authorization.service}, not ${service}`;
  }
  for (const name of ['host', 'x-amz-date', ...tokenHeader(request)]) {
    if (!authorization.signedHeaders.includes(name)) return `The header ${name} must be signed`;
  }
  const signedAt = time.length === 1 ? parseAmzDate(time[0] ?? '') : undefined;
  if (signedAt === undefined) return 'The header x-amz-date must be a time such as 20260131T120000Z';
  if (!time[0]?.startsWith(authorization.day))
    return 'The credential is scoped to another day than x-amz-date';
  if (Math.abs(now.getTime() - signedAt.getTime()) > clockSkewMaxMs) {
    return `The signature's time ${time[0]} is more than 15 minutes from now, ${now.toISOString()}`;
  }
  return undefined;
}

/** A session token is part of the identity, so it must not be added or taken away on the way. */
function tokenHeader(request: RawRequest): string[] {
  return headerValues(request, 'x-amz-security-token').length > 0 ? ['x-amz-security-token'] : [];
}

function parseAmzDate(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function matches(request: RawRequest, authorization: Authorization, time: string, secret: string): boolean {
  const scope = `${authorization.day}/${authorization.region}/${authorization.service}/aws4_request`;
  const key = signingKey(secret, authorization);
  const given = Buffer.from(authorization.signature, 'hex');
  return canonicalRequests(request, authorization.signedHeaders).some((canonical) => {
    const hash = createHash('sha256').update(canonical).digest('hex');
    return timingSafeEqual(hmac(key, `${algorithm}\n${time}\n${scope}\n${hash}`), given);
  });
}

function signingKey(secret: string, authorization: Authorization): Buffer {
  const { day, region, service: signedService } = authorization;
  return [day, region, signedService, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** A refusal by one of AWS's own names. */
export function refused(type: Refusal['type'], message: string): Refusal {
  return { kind: 'refused', type, message };
}
