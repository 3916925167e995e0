import { z } from 'zod';
import type { Fault, FaultRequest } from './faults.ts';

type Answer = Extract<Fault, { kind: 'result' }>;

/** What SendMessages answers for addresses that it was told something of: a number that opted out, a device that is gone. In memory only. */
export type AddressAnswers = Map<string, Answer>;

/** Pinpoint's words, and the status code that comes with each. */
const codes = {
  OPT_OUT: 400,
  PERMANENT_FAILURE: 410,
  TEMPORARY_FAILURE: 400,
  THROTTLED: 429,
  UNKNOWN_FAILURE: 500,
} as const;
const statuses = Object.keys(codes) as [keyof typeof codes];

/** `PUT /address-answers`; without a DeliveryStatus the address is taken as any other again. */
export const addressAnswer = z.object({
  Address: z.string().min(1),
  DeliveryStatus: z.enum(statuses).optional(),
  StatusCode: z.int().min(400).max(599).optional(),
});

/** Keeps what an address is answered from now on, or forgets it. */
export function setAnswer(answers: AddressAnswers, given: z.infer<typeof addressAnswer>): void {
  const { Address, DeliveryStatus, StatusCode } = given;
  if (DeliveryStatus === undefined) answers.delete(Address);
  else
    answers.set(Address, {
      kind: 'result',
      deliveryStatus: DeliveryStatus,
      statusCode: StatusCode ?? codes[DeliveryStatus],
    });
}

/** What SES and custom channels answer is not about one address. */
export function answerFor(answers: AddressAnswers, { operation, message }: FaultRequest): Answer | undefined {
  return operation === 'SendMessages' ? answers.get(message.to) : undefined;
}
