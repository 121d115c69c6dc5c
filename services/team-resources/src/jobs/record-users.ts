import { createConsumer, type Consumer, type ConsumerParts } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { AppUserStore } from '../core/app-users.ts';

export interface RecordUsersParts {
  readonly queueUrl: string;
  readonly publicKeys: ConsumerParts<'user-changed'>['publicKeys'];
  readonly appUsers: Pick<AppUserStore, 'record' | 'storeDeadLetter'>;
  readonly newId: () => string;
  readonly isReady: () => boolean;
  /** Called for each delivery that auth has not signed. */
  readonly onUnverified: () => void;
  readonly log: Logger;
}

/** Consumes auth's events of changed users and stores the newest version of each. Invalid ones become dead letters. */
export const startRecordingUsers = ({
  queueUrl,
  publicKeys,
  appUsers,
  newId,
  isReady,
  onUnverified,
  log,
}: RecordUsersParts): Consumer =>
  createConsumer({
    queueUrl,
    kind: 'user-changed',
    handle: (messages) => appUsers.record(messages),
    onRejected: async (raw, reason) => {
      const id = idIn(raw) ?? newId();
      if (await appUsers.storeDeadLetter({ id, raw, reason }))
        log.error({ eventId: id, reason }, 'invalid event: stored as a dead letter in rejected_events');
    },
    onUnverified: async (raw, reason) => {
      onUnverified();
      await appUsers.storeDeadLetter({ id: newId(), raw, reason });
    },
    isReady,
    publicKeys,
    log,
  });

const plainUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const idIn = (raw: unknown): string | null =>
  typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' && plainUuid.test(raw.id) ? raw.id : null;
