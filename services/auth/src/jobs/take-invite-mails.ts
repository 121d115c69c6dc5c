import type { InviteMailMessage } from '@guildhall/contracts';
import { createConsumer, deadLetterId, type Consumer, type ConsumerParts } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { Inbox } from '../core/inbox.ts';

const kind = 'invite-mail';

export interface TakeInviteMailsParts {
  readonly queueUrl: string;
  readonly queueInviteMails: (messages: readonly InviteMailMessage[]) => Promise<void>;
  readonly inbox: Pick<Inbox, 'storeDeadLetter'>;
  readonly newId: () => string;
  readonly publicKeys: ConsumerParts<typeof kind>['publicKeys'];
  /** Called for each delivery that team-resources has not signed. */
  readonly onUnverified: () => void;
  readonly isReady: () => boolean;
  readonly log: Logger;
}

/** Consumes team-resources' requests to mail an invite. Invalid ones become dead letters. */
export const startTakingInviteMails = (parts: TakeInviteMailsParts): Consumer => {
  const { queueUrl, queueInviteMails, inbox, newId, publicKeys, onUnverified, isReady, log } = parts;
  return createConsumer({
    queueUrl,
    kind,
    handle: queueInviteMails,
    onRejected: async (raw, reason) => {
      const id = deadLetterId(raw) ?? newId();
      if (await inbox.storeDeadLetter({ id, kind, raw, reason }))
        log.error({ eventId: id, reason }, 'invalid event: stored as a dead letter in rejected_events');
    },
    onUnverified: async (raw, reason) => {
      onUnverified();
      await inbox.storeDeadLetter({ id: newId(), kind, raw, reason });
    },
    isReady,
    publicKeys,
    log,
  });
};
