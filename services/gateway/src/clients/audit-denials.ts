import { internalRoutes, type AuditEventMessage, type AuditPayload } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, foldRefusals, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';

export interface DenialReports {
  report(denial: AuditPayload): void;
  /** Sends what is waiting, once, and stops. */
  close(): Promise<void>;
}

const sendEveryMs = 1_000;
/** While audit is away: beyond this many refusals further ones are counted in the log, not kept. */
const waitingMax = 5_000;

const Answer = answerOf(internalRoutes.reportEvents.responses[200]);

export interface DenialReportsParts {
  readonly audit: InternalClient;
  readonly newId: () => string;
  readonly now: () => Date;
  /** A clock that never jumps. */
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/**
 * Takes the gateway's own refusals to audit, off the request's path, those that repeat themselves folded. An event's id
 * makes storing it again harmless, so a failed report is simply repeated.
 */
export const createDenialReports = ({ audit, newId, now, monotonicMs, log }: DenialReportsParts): DenialReports => {
  let outbox: AuditEventMessage[] = [];
  let dropped = 0;

  /** What audit will never take is found by halves and left out, so that it does not hold up all that follow. */
  const sendAll = async (messages: readonly AuditEventMessage[]): Promise<void> => {
    try {
      await audit.call({ method: 'POST', path: '/internal/events', body: { messages }, answer: Answer });
    } catch (error) {
      if (!isAppError(error) || !hopeless.has(error.code)) throw error;
      if (messages.length === 1) {
        log.error({ err: error, action: messages[0]?.payload.action }, 'audit does not take this refusal: it is left out');
        return;
      }
      const middle = Math.ceil(messages.length / 2);
      await sendAll(messages.slice(0, middle));
      await sendAll(messages.slice(middle));
    }
  };
  const send = async (): Promise<void> => {
    if (dropped > 0) log.error({ dropped }, 'too many refusals were waiting: these will not be in the audit trail');
    dropped = 0;
    while (outbox.length > 0) {
      const messages = outbox.slice(0, internalRoutes.reportedEventsMax);
      await sendAll(messages);
      outbox = outbox.slice(messages.length);
    }
  };
  const onError = (error: unknown): void => log.warn({ err: error }, 'refusals cannot be reported; they are kept and sent later');
  const onRecovered = (): void => log.info('refusals reach the audit service again');
  const beat = repeat({ everyMs: sendEveryMs, task: send, onError, onRecovered });
  const append = async (event: AuditEventMessage): Promise<void> => {
    if (outbox.length < waitingMax) outbox.push(event);
    else dropped += 1;
  };
  const folded = foldRefusals({ append, newId, monotonicMs, onError });
  return {
    report(payload) {
      void folded.record({ id: newId(), kind: 'audit', occurredAt: now().toISOString(), payload });
    },
    async close() {
      await folded.close();
      await beat.stop();
      await send().catch(onError);
    },
  };
};

/** Codes that sending the same again cannot change. */
const hopeless: ReadonlySet<string> = new Set(['INVALID', 'TOO_LARGE', 'UNPROCESSABLE']);
