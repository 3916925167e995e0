import { afterEach, vi } from 'vitest';
import { createCustomChannel } from '../../src/channels/custom/createCustomChannel.ts';
import type { OutgoingCustom } from '../../src/channels/custom/customChannel.ts';
import type { Resolve } from '../../src/channels/http/addressGuard.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { confirm, useHook } from './hook.ts';
import { aCustom } from './outgoing.ts';

/** The account of the tests' webhooks. */
export const account = '123456789012';

/** Every name leads to these addresses, one list for each time it is asked. */
export const leadingTo = (...answers: string[][]): Resolve & { asked: number } => {
  const resolve = Object.assign(
    (...[, , callback]: Parameters<Resolve>) => {
      const addresses = answers[Math.min(resolve.asked, answers.length - 1)] ?? [];
      resolve.asked += 1;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
    { asked: 0 },
  );
  return resolve;
};

interface Setting {
  readonly allow?: string;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
  readonly trust?: boolean;
  readonly secrets?: readonly string[];
}

/** Somebody's webhook, and the custom channel that calls it. */
export function useWebhook() {
  const hook = useHook();
  afterEach(() => {
    vi.unstubAllEnvs();
    hook.requests.length = 0;
    hook.answerHead(confirm);
    hook.answer((response) => response.end('{}'));
  });
  function channel({
    allow = '127.0.0.1',
    timeoutMs = 5000,
    resolve,
    trust = true,
    secrets = [],
  }: Setting = {}) {
    const config = readConfig({
      REPOINT_WEBHOOK_ALLOW: allow,
      REPOINT_ACCOUNT_ID: account,
      REPOINT_WEBHOOK_SECRETS: secrets.join(','),
    });
    return createCustomChannel(config, createLog('silent'), {
      timeoutMs,
      resolve: resolve ?? leadingTo(['127.0.0.1']),
      ...(trust && { ca: hook.certificate }),
    });
  }

  const message = (change: Partial<OutgoingCustom> = {}) => aCustom({ deliveryUri: hook.url, ...change });
  /** The methods of the calls that reached it. */
  const asked = () => hook.requests.map(({ method }) => method);
  return { hook, channel, message, asked };
}
