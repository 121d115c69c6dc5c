import type { AuditEventMessage } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import type { AuditEvents, RejectedEvents } from './audit-events.ts';
import { isPlainUuid, plainUuid } from '../uuid.ts';

/** Stores a message that is no valid event as a dead letter, with the reason. */
export type RejectEvent = (raw: unknown, reason: string) => Promise<void>;

export interface RejectEventParts {
  readonly rejected: RejectedEvents;
  /** Derives an id from a text: a message without an id becomes one dead letter, however often it arrives. */
  readonly idOfText: (text: string) => string;
  readonly now: () => Date;
  /** Called once for each dead letter. */
  readonly onRejected: (id: string, reason: string) => void;
}

export const createRejectEvent =
  ({ rejected, idOfText, now, onRejected }: RejectEventParts): RejectEvent =>
  async (raw, reason) => {
    const id = idIn(raw) ?? idOfText(JSON.stringify(raw) ?? 'nothing');
    if (await rejected.keep({ id, raw: raw ?? null, reason, at: now().toISOString() })) onRejected(id, reason);
  };

const idIn = (raw: unknown): string | null => {
  if (typeof raw !== 'object' || raw === null || !('id' in raw) || typeof raw.id !== 'string') return null;
  const id = plainUuid(raw.id);
  return isPlainUuid(id) ? id : null;
};

/** Takes a batch of events and answers how many were new. Taking them again stores nothing again. */
export type TakeEvents = (messages: readonly AuditEventMessage[]) => Promise<number>;

/**
 * Records an event about what is about to be done, so that nothing is done without a trace. Throws SERVICE_UNAVAILABLE when
 * the event became a dead letter, besides what storing it throws.
 */
export const recordOrThrow = async (takeEvents: TakeEvents, message: AuditEventMessage): Promise<void> => {
  if ((await takeEvents([message])) === 1) return;
  throw new AppError('SERVICE_UNAVAILABLE', 'The audit trail cannot store the event about this action: nothing was done.', {
    retryAfterSeconds: 60,
  });
};

export interface TakeEventsParts {
  readonly events: Pick<AuditEvents, 'record'>;
  readonly rejectEvent: RejectEvent;
  readonly now: () => Date;
  readonly onStored: (count: number) => void;
}

/**
 * Stores a batch with one insert. If the database refuses a value, the batch is halved until the event that holds it stands
 * alone and becomes a dead letter, so that it never blocks its neighbours. Any other failure is thrown: the whole batch is
 * delivered again.
 */
export const createTakeEvents = ({ events, rejectEvent, now, onStored }: TakeEventsParts): TakeEvents => {
  const record = async (messages: readonly AuditEventMessage[]): Promise<number> => {
    const stored = await events.record(messages, now().toISOString());
    onStored(stored);
    return stored;
  };
  const take: TakeEvents = async (messages) => {
    const [first] = messages;
    if (first === undefined) return 0;
    try {
      return await record(messages);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'UNPROCESSABLE') throw error;
      if (messages.length === 1) {
        await rejectEvent(first, error.message);
        return 0;
      }
      const middle = Math.ceil(messages.length / 2);
      return (await take(messages.slice(0, middle))) + (await take(messages.slice(middle)));
    }
  };
  return take;
};
