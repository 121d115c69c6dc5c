import { createConsumer, deadLetterId, type Consumer, type ConsumerParts, type MessageOf } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { AppUserStore } from '../core/app-users.ts';

export interface TakeEventsParts<K extends keyof MessageOf> {
  readonly queueUrl: string;
  readonly kind: K;
  /** Records the events. Idempotent by event id. */
  readonly record: (messages: readonly MessageOf[K][]) => Promise<void>;
  readonly deadLetters: Pick<AppUserStore, 'storeDeadLetter'>;
  readonly newId: () => string;
  readonly publicKeys: ConsumerParts<K>['publicKeys'];
  /** Called for each delivery that auth has not signed. */
  readonly onUnverified: () => void;
  readonly isReady: () => boolean;
  readonly log: Logger;
}

/** Consumes auth's events of one kind. Invalid ones become dead letters. */
export const startTakingEvents = <K extends keyof MessageOf>(parts: TakeEventsParts<K>): Consumer => {
  const { queueUrl, kind, record, deadLetters, newId, publicKeys, onUnverified, isReady, log } = parts;
  return createConsumer({
    queueUrl,
    kind,
    handle: record,
    onRejected: async (raw, reason) => {
      const id = deadLetterId(raw) ?? newId();
      if (await deadLetters.storeDeadLetter({ id, kind, raw, reason }))
        log.error({ eventId: id, kind, reason }, 'invalid event: stored as a dead letter in rejected_events');
    },
    onUnverified: async (raw, reason) => {
      onUnverified();
      await deadLetters.storeDeadLetter({ id: newId(), kind, raw, reason });
    },
    isReady,
    publicKeys,
    log,
  });
};
