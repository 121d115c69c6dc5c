import type { MailOutcome, OutboxMessage } from '@guildhall/contracts';
import { mailSettled } from './invite-mails.ts';
import { secondsAfter, type Now } from './random.ts';
import type { Mail } from './mails.ts';

export interface ClaimedMail {
  readonly id: string;
  readonly sealedMail: string;
  /** Counts this claim. */
  readonly attempts: number;
  readonly expiresAt: Date;
  /** The event that asked for the mail; null for a mail of this service's own. */
  readonly requestId: string | null;
}

/** The mail queue as the sender uses it. */
export interface WaitingMails {
  /**
   * Leases due mails; nobody else gets them until `until`. A mail that waits until a time after `impossible` is due, too: the clock
   * was set back.
   */
  claim(options: {
    readonly max: number;
    readonly now: Date;
    readonly until: Date;
    readonly impossible: Date;
  }): Promise<readonly ClaimedMail[]>;
  /** Removes a mail and appends the events to the outbox, both or neither. A mail that is gone already appends none. */
  remove(id: string, events: readonly OutboxMessage[]): Promise<void>;
  retryAt(id: string, at: Date): Promise<void>;
}

/** The error of a mail that its receiver refused for good: another try would be refused, too. */
export class MailRefused extends Error {}

/** Delivers a mail, within a time-out of its own. Throws MailRefused for a permanent refusal, another error when that failed. */
export type DeliverMail = (mail: Mail) => Promise<void>;

export interface SendMailsParts {
  readonly waiting: WaitingMails;
  readonly openMail: (id: string, sealed: string) => Mail;
  readonly deliver: DeliverMail;
  readonly now: Now;
  readonly newId: () => string;
  /** Called for each mail that was handed over. */
  readonly onDelivered: () => void;
  /** Called for each mail that could not be sent; `isGivenUp` if it has expired or was refused for good. Gets nothing of the mail itself. */
  readonly onFailure: (failure: {
    readonly id: string;
    readonly attempts: number;
    readonly isGivenUp: boolean;
    readonly error: unknown;
  }) => void;
}

const batchMax = 10;
/** Longer than a whole batch may take, so that no two senders hold one mail. */
const leaseSeconds = 300;
const retrySecondsMax = 60;

/** The pause after the n-th failure: 1, 2, 4 … 60 seconds. */
export const retrySeconds = (attempts: number): number => Math.min(2 ** (attempts - 1), retrySecondsMax);

/** Sends what is due, at least once each; a failed one is tried again until it expires, one that was refused for good is not. Returns the number of mails that were due. */
export const createSendMails =
  ({ waiting, openMail, deliver, now, newId, onDelivered, onFailure }: SendMailsParts) =>
  async (): Promise<number> => {
    const settle = ({ id, requestId }: ClaimedMail, outcome: MailOutcome): Promise<void> =>
      waiting.remove(id, requestId === null ? [] : [mailSettled({ newId, at: now() }, requestId, outcome)]);
    const at = now();
    const claimed = await waiting.claim({
      max: batchMax,
      now: at,
      until: secondsAfter(at, leaseSeconds),
      impossible: secondsAfter(at, 2 * leaseSeconds),
    });
    for (const mail of claimed) {
      const { id, sealedMail, attempts, expiresAt } = mail;
      try {
        if (expiresAt <= now()) throw new Error('The mail has expired.');
        await deliver(openMail(id, sealedMail));
        onDelivered();
        await settle(mail, 'sent');
      } catch (error) {
        const next = secondsAfter(now(), retrySeconds(attempts));
        const isRefused = error instanceof MailRefused;
        const isGivenUp = isRefused || next >= expiresAt;
        onFailure({ id, attempts, isGivenUp, error });
        await (isGivenUp ? settle(mail, isRefused ? 'refused' : 'failed') : waiting.retryAt(id, next));
      }
    }
    return claimed.length;
  };
