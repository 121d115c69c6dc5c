import { internalRoutes, type AuditEventMessage, type AuditPayload } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, foldRefusals, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { auditMessage } from '@guildhall/resources';

export interface AuditDenials {
  report(denial: AuditPayload): void;
  /** Makes one last attempt to send the buffered events, and stops. */
  close(): Promise<void>;
}

const sendEveryMs = 1_000;
/** The buffer's bound: beyond it, denials are dropped and their number is logged. */
const bufferedMax = 5_000;

const Answer = answerOf(internalRoutes.reportEvents.responses[200]);

export interface AuditDenialsParts {
  readonly audit: InternalClient;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/**
 * Reports the gateway's own denials to audit in the background, repeated ones folded. Storing is idempotent by the event's id,
 * so a failed report is sent again.
 */
export const createAuditDenials = ({ audit, newId, now, monotonicMs, log }: AuditDenialsParts): AuditDenials => {
  let buffer: AuditEventMessage[] = [];
  let dropped = 0;

  /** Bisects a batch that audit refuses for good, and drops the event that it does not take: the others are not blocked by it. */
  const sendAll = async (messages: readonly AuditEventMessage[]): Promise<void> => {
    try {
      await audit.call({ method: 'POST', path: '/internal/events', mayBeSentAgain: true, body: { messages }, answer: Answer });
    } catch (error) {
      if (!isAppError(error) || !permanentErrorCodes.has(error.code)) throw error;
      if (messages.length === 1) {
        log.error(
          { err: error, action: messages[0]?.payload.action },
          'audit rejected a denied event permanently: it was dropped',
        );
        return;
      }
      const middle = Math.ceil(messages.length / 2);
      await sendAll(messages.slice(0, middle));
      await sendAll(messages.slice(middle));
    }
  };
  const send = async (): Promise<void> => {
    if (dropped > 0)
      log.error({ dropped }, 'the buffer of denied events was full: the dropped events are missing from the audit trail');
    dropped = 0;
    while (buffer.length > 0) {
      const messages = buffer.slice(0, internalRoutes.reportedEventsMax);
      await sendAll(messages);
      buffer = buffer.slice(messages.length);
    }
  };
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'denied events cannot be reported to audit; retrying every second');
  const onRecovered = (): void => log.info('denied events reach the audit service again');
  const sender = repeat({ everyMs: sendEveryMs, task: send, onError, onRecovered });
  const append = async (event: AuditEventMessage): Promise<void> => {
    if (buffer.length < bufferedMax) buffer.push(event);
    else dropped += 1;
  };
  const folded = foldRefusals({ append, newId, monotonicMs, onError });
  return {
    report(payload) {
      void folded.record(auditMessage({ id: newId(), at: now().toISOString() }, payload));
    },
    async close() {
      await folded.close();
      await sender.stop();
      await send().catch(onError);
    },
  };
};

/** Errors that a retry cannot change. */
const permanentErrorCodes: ReadonlySet<string> = new Set(['INVALID', 'TOO_LARGE', 'UNPROCESSABLE']);
