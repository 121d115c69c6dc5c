import { AppError } from '@guildhall/errors';
import { answerOf, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { internalRoutes } from '@guildhall/contracts';

export interface RevokedSessions {
  /** Throws SERVICE_UNAVAILABLE when auth has not said for `staleAfterMs` which sessions ended. */
  isRevoked(sessionId: string): boolean;
  /** Whether auth has said so lately enough to vouch for any session. */
  isKnown(): boolean;
  close(): Promise<void>;
}

const askEveryMs = 1_000;
/** While auth does not answer: as soon as it does, signed-in users are served. */
const afterErrorMs = 200;
/** Longer than an access token lives (5 minutes), so that none outlives its entry here. */
const rememberMs = 400_000;
/** Auth restarts within this time without anyone being refused; beyond it we no longer vouch for any session. */
const staleAfterMs = 10_000;
/** How far back each question reaches: revocations whose transaction was still open at the last one. */
const overlapMs = 60_000;

const Answer = answerOf(internalRoutes.listRevokedSessions.responses[200]);

export interface RevokedSessionsParts {
  readonly auth: InternalClient;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** Learns once a second which sessions ended, so that a revoked one is refused within two seconds of its end. */
export const createRevokedSessions = ({ auth, log, nowMs }: RevokedSessionsParts): RevokedSessions => {
  const forgetAt = new Map<string, number>();
  let since: number | null = null;
  let learnedAt = 0;

  const learn = async (): Promise<void> => {
    const askedAt = nowMs();
    const from = new Date(since ?? askedAt - rememberMs).toISOString();
    const { sessionIds, now } = await auth.call({
      method: 'GET',
      path: `/internal/revoked-sessions?since=${encodeURIComponent(from)}`,
      answer: Answer,
    });
    for (const sessionId of sessionIds) forgetAt.set(sessionId, askedAt + rememberMs);
    for (const [sessionId, at] of forgetAt) if (at < askedAt) forgetAt.delete(sessionId);
    since = Date.parse(now) - overlapMs;
    learnedAt = askedAt;
  };
  const beat = repeat({
    everyMs: askEveryMs,
    afterErrorMs,
    task: learn,
    onError: (error) => log.info({ err: error }, 'auth does not say which sessions ended'),
  });
  const isKnown = (): boolean => nowMs() - learnedAt <= staleAfterMs;
  return {
    isKnown,
    isRevoked(sessionId) {
      if (!isKnown()) {
        throw new AppError('SERVICE_UNAVAILABLE', 'Whether sessions are still good cannot be told right now.', {
          retryAfterSeconds: 2,
        });
      }
      return forgetAt.has(sessionId);
    },
    close: () => beat.stop(),
  };
};
