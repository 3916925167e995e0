import type { Fault, FaultRequest, Faults } from './faults.ts';
import { isAccepted } from './faults.ts';
import type { MailboxMessage } from './message.ts';
import type { MessageStore } from './messageStore.ts';

/** Takes a send, or does not, as a fault says; answers the fault that the caller still has to act out. */
export type Intake = (
  operation: FaultRequest['operation'],
  message: MailboxMessage,
) => Promise<Fault | undefined>;

/** @param accepted called once for every message that was taken */
export function createIntake(
  store: MessageStore,
  faults: Faults,
  accepted: (message: MailboxMessage) => void,
): Intake {
  let number = 0;
  return async (operation, message) => {
    number += 1;
    const fault = faults({ operation, message, number });
    if (isAccepted(fault)) {
      await store.add(message);
      accepted(message);
    }
    return fault;
  };
}
