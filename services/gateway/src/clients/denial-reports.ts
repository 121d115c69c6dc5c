import { internalRoutes, type AuditEventMessage, type AuditPayload } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';

export interface DenialReports {
  report(denial: AuditPayload): void;
  /** Sends what is waiting, once, and stops. */
  close(): Promise<void>;
}

const sendEveryMs = 1_000;
/** While audit is away: beyond this many different refusals further ones are counted in the log, not kept. */
const waitingMax = 5_000;

const Answer = answerOf(internalRoutes.reportEvents.responses[200]);

export interface DenialReportsParts {
  readonly audit: InternalClient;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly log: Logger;
}

/**
 * Takes the gateway's own refusals to audit, off the request's path. Equal ones within a second become one event that
 * says how many they were. An event's id makes storing it again harmless, so a failed report is simply repeated.
 */
export const createDenialReports = ({ audit, newId, now, log }: DenialReportsParts): DenialReports => {
  const waiting = new Map<string, { message: AuditEventMessage; count: number }>();
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
    outbox.push(...[...waiting.values()].map(({ message, count }) => withCount(message, count)));
    waiting.clear();
    while (outbox.length > 0) {
      const messages = outbox.slice(0, internalRoutes.reportedEventsMax);
      await sendAll(messages);
      outbox = outbox.slice(messages.length);
    }
  };
  const onError = (error: unknown): void => log.warn({ err: error }, 'refusals cannot be reported; they are kept and sent later');
  const onRecovered = (): void => log.info('refusals reach the audit service again');
  const beat = repeat({ everyMs: sendEveryMs, task: send, onError, onRecovered });
  return {
    report(payload) {
      const key = JSON.stringify([payload.actor.id, payload.action, payload.resource.id]);
      const known = waiting.get(key);
      if (known !== undefined) known.count += 1;
      else if (waiting.size + outbox.length < waitingMax)
        waiting.set(key, { message: { id: newId(), kind: 'audit', occurredAt: now().toISOString(), payload }, count: 1 });
      else dropped += 1;
    },
    async close() {
      await beat.stop();
      await send().catch(onError);
    },
  };
};

/** Codes that sending the same again cannot change. */
const hopeless: ReadonlySet<string> = new Set(['INVALID', 'TOO_LARGE', 'UNPROCESSABLE']);

const withCount = (message: AuditEventMessage, count: number): AuditEventMessage =>
  count === 1 ? message : { ...message, payload: { ...message.payload, changes: [{ path: '/count', after: count }] } };
