import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCustomChannel } from '../../../src/channels/custom/createCustomChannel.ts';
import {
  createAddressGuard,
  ForbiddenAddressError,
  type Resolve,
} from '../../../src/channels/http/addressGuard.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { startHook } from '../../support/hook.ts';
import { leadingTo, useWebhook } from '../../support/webhook.ts';

const inside = [
  '0.0.0.0',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '127.0.0.1',
  '127.8.8.8',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.170',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  'fc00::1',
  'fd00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%lo',
  'fec0::1',
  'ff02::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
];
const outside = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '192.169.0.1',
  '223.255.255.255',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
];

const names: Record<string, string[]> = {
  'public.test': ['8.8.8.8', '2606:4700:4700::1111'],
  'private.test': ['10.1.2.3'],
  'mixed.test': ['8.8.8.8', '127.0.0.1'],
};
const resolve: Resolve = (hostname, _, callback) => {
  const addresses = names[hostname]?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  callback(addresses ? null : Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), addresses ?? []);
};

async function lookUp(lookup: LookupFunction, hostname: string, all = true) {
  return await new Promise((found, failed) => {
    lookup(hostname, { all }, (error, address) => (error ? failed(error) : found(address)));
  });
}

describe('an address guard', () => {
  const guard = createAddressGuard([]);

  it.each(inside)('forbids %s', (address) => {
    expect(guard.permits(address, true)).toBe(false);
  });

  it.each(outside)('permits %s, and only with TLS', (address) => {
    expect(guard.permits(address, true)).toBe(true);
    expect(guard.permits(address, false)).toBe(false);
  });

  it('forbids what is no address at all', () => {
    expect(['', 'localhost', '0x7f.1', '2130706433'].filter((text) => guard.permits(text, true))).toEqual([]);
  });

  it('permits what is allowed, with TLS and without, and nothing beside it', () => {
    const allowing = createAddressGuard(['10.1.0.0/16', 'fd00::/8', '127.0.0.1']);
    for (const address of ['10.1.2.3', 'fd12::1', '127.0.0.1', '::ffff:10.1.0.9']) {
      expect(allowing.permits(address, true), address).toBe(true);
      expect(allowing.permits(address, false), address).toBe(true);
    }
    for (const address of ['10.2.0.1', 'fc00::1', '127.0.0.2', '169.254.169.254'])
      expect(allowing.permits(address, true), address).toBe(false);
  });

  it('answers what a name leads to, all of it or the first', async () => {
    const lookup = createAddressGuard([], resolve).lookup(true);
    expect(await lookUp(lookup, 'public.test')).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ]);
    expect(await lookUp(lookup, 'public.test', false)).toBe('8.8.8.8');
    await expect(lookUp(lookup, 'nobody.test')).rejects.toThrow('unknown');
  });

  it.each(['private.test', 'mixed.test'])('forbids %s, any of whose addresses is inside', async (name) => {
    const guarded = createAddressGuard([], resolve);
    await expect(lookUp(guarded.lookup(true), name)).rejects.toThrow(ForbiddenAddressError);
    await expect(lookUp(guarded.lookup(true), name, false)).rejects.toThrow(ForbiddenAddressError);
  });

  it('forbids a public name without TLS', async () => {
    await expect(lookUp(createAddressGuard([], resolve).lookup(false), 'public.test')).rejects.toThrow(
      ForbiddenAddressError,
    );
  });
});

describe('an address inside', () => {
  const log = createLog('silent');
  const { asked, channel, hook, message } = useWebhook();
  const forbidden = { kind: 'refused', code: 'CUSTOM_DELIVERY_FAILURE' };

  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '[fd00::1]',
  ])('is refused when it is written out: %s', async (host) => {
    const deliveryUri = `https://${host}:${hook.port}/`;
    const { outcome } = await channel({ allow: '' }).call([message({ deliveryUri, isConfirmed: true })]);
    expect(outcome).toMatchObject(forbidden);
    expect(hook.requests).toEqual([]);
  });

  it('is refused when a name leads to it, also beside a public one', async () => {
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1']]) {
      const { outcome } = await channel({ allow: '', resolve: leadingTo(addresses) }).call([message()]);
      expect(outcome).toMatchObject(forbidden);
    }
    const system = createCustomChannel(readConfig({}), log);
    const localhost = message({ deliveryUri: `https://localhost:${hook.port}/` });
    expect((await system.call([localhost])).outcome).toMatchObject(forbidden);
    expect(hook.requests).toEqual([]);
  });

  it('is refused at the connect that would reach it, whatever the name led to before', async () => {
    const resolve = leadingTo(['127.0.0.1'], ['127.0.0.2']);
    const rebinding = channel({ resolve });
    hook.answer((response) => response.setHeader('connection', 'close').end('{}'));
    expect((await rebinding.call([message({ isConfirmed: true })])).outcome.kind).toBe('accepted');
    expect((await rebinding.call([message({ isConfirmed: true })])).outcome).toMatchObject(forbidden);
    expect(resolve.asked, 'one look at the name for each connect').toBe(2);
    expect(asked()).toEqual(['POST']);
  });

  it('may be reached without TLS where it is allowed, a public one never', async () => {
    const plain = await startHook({ tls: false });
    const deliveryUri = plain.url;
    expect((await channel().call([message({ deliveryUri })])).outcome.kind).toBe('accepted');
    const toPublic = channel({ resolve: leadingTo(['8.8.8.8']) });
    expect((await toPublic.call([message({ deliveryUri })])).outcome).toMatchObject(forbidden);
    expect((await channel({ allow: '' }).call([message({ deliveryUri })])).outcome).toMatchObject(forbidden);
    await plain.close();
  });
});
