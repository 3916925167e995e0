import { createHash, randomUUID } from 'node:crypto';
import { call, type Helper, text } from './arguments.ts';

function encoding(encode: (value: string) => string): Helper {
  return (...given) => encode(text(call(given).values[0]));
}

function digest(algorithm: 'md5' | 'sha256' | 'sha512'): Helper {
  return encoding((value) => createHash(algorithm).update(value).digest('hex'));
}

export const encodingHelpers = {
  encode64: encoding((value) => Buffer.from(value).toString('base64')),
  decode64: encoding((value) => Buffer.from(value, 'base64').toString()),
  md5: digest('md5'),
  sha256: digest('sha256'),
  sha512: digest('sha512'),
  uuid: () => randomUUID(),
} satisfies Record<string, Helper>;
