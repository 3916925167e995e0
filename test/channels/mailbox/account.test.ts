import { expect, it } from 'vitest';
import { createAccountDesk } from '../../../src/channels/mailbox/account.ts';

function deskAt() {
  const time = { now: 0 };
  return { time, desk: createAccountDesk(() => time.now) };
}

it('takes bursts, and refuses what goes on above the sending rate', () => {
  const { time, desk } = deskAt();
  desk.set({ MaxSendRate: 10 });
  const refused = Array.from({ length: 100 }, () => {
    time.now += 50;
    return desk.admit();
  });
  expect(refused.filter((reason) => reason === null)).toHaveLength(59);
  expect(desk.arrivals()).toEqual({ Accepted: 59, OverRate: 41, OverQuota: 0, Peak: 20 });
});

it('takes everything at the rate', () => {
  const { time, desk } = deskAt();
  desk.set({ MaxSendRate: 10 });
  for (let sent = 0; sent < 100; sent += 1) {
    time.now += 100;
    expect(desk.admit()).toBeNull();
  }
});

it('refuses what is over the daily quota until a day has passed, others\u2019 sending counted', () => {
  const { time, desk } = deskAt();
  desk.set({ Max24HourSend: 3, SentLast24Hours: 1 });
  expect([desk.admit(), desk.admit(), desk.admit()]).toEqual([null, null, 'Daily message quota exceeded']);
  expect(desk.account().SentLast24Hours).toBe(3);
  time.now += 86_400_000;
  expect(desk.admit()).toBeNull();
});

it('refuses everything while its sending is paused', () => {
  const { desk } = deskAt();
  desk.set({ SendingEnabled: false });
  expect(desk.admit()).toBe('Sending is paused');
});
