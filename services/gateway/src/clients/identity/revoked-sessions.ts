import { AppError } from '@guildhall/errors';
import { answerOf, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { internalRoutes } from '@guildhall/contracts';

export interface RevokedSessions {
  /**
   * Whether the session ended, or the key that signed its token is none any more. Throws SERVICE_UNAVAILABLE when auth has
   * not said for `staleAfterMs` which did.
   */
  isRevoked(sessionId: string, keyId: string): boolean;
  /** Whether auth has said so lately, and since the last `lookAnew`. */
  isKnown(): boolean;
  /** auth may have another database from now on. */
  lookAnew(): void;
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
  /** Called before tokens that are signed with a key not seen before can be told from forged ones. */
  readonly onNewKeys: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/**
 * Signing keys that auth had once and has no more: one was withdrawn, or auth has moved to another database, whose users are
 * others. A key that was never seen is new, and good as far as its signatures are.
 */
const createKeysSeen = () => {
  const withdrawn = new Set<string>();
  let present: readonly string[] = [];
  return {
    isWithdrawn: (keyId: string): boolean => withdrawn.has(keyId),
    hasNew: (keyIds: readonly string[]): boolean => keyIds.some((id) => !present.includes(id)),
    /** Whether none of these was there before: they are of another database. */
    areOthers: (keyIds: readonly string[]): boolean => present.length > 0 && !keyIds.some((id) => present.includes(id)),
    see(keyIds: readonly string[]): void {
      for (const id of present) withdrawn.add(id);
      for (const id of keyIds) withdrawn.delete(id);
      present = keyIds;
    },
  };
};

/** Learns once a second which sessions ended, so that a revoked one is refused within two seconds of its end. */
export const createRevokedSessions = ({ auth, onNewKeys, log, nowMs }: RevokedSessionsParts): RevokedSessions => {
  const forgetAt = new Map<string, number>();
  const keys = createKeysSeen();
  let since: number | null = null;
  let learnedAt = 0;
  let timesAsked = 0;
  let timesAnswered = 0;

  const ask = (fromMs: number) =>
    auth.call({
      method: 'GET',
      path: `/internal/revoked-sessions?since=${encodeURIComponent(new Date(fromMs).toISOString())}`,
      answer: Answer,
    });
  const learn = async (): Promise<void> => {
    const askedAt = nowMs();
    const asked = timesAsked;
    const allThatMatter = askedAt - rememberMs;
    const lately = await ask(since ?? allThatMatter);
    const isAnother = since !== null && keys.areOthers(lately.keyIds);
    const { sessionIds, keyIds, now } = isAnother ? await ask(allThatMatter) : lately;
    if (keys.hasNew(keyIds)) await onNewKeys();
    keys.see(keyIds);
    for (const sessionId of sessionIds) forgetAt.set(sessionId, askedAt + rememberMs);
    for (const [sessionId, at] of forgetAt) if (at < askedAt) forgetAt.delete(sessionId);
    since = Date.parse(now) - overlapMs;
    learnedAt = askedAt;
    timesAnswered = asked;
  };
  const beat = repeat({
    everyMs: askEveryMs,
    afterErrorMs,
    task: learn,
    onError: (error) => log.info({ err: error }, 'auth does not say which sessions ended'),
  });
  const isFresh = (): boolean => nowMs() - learnedAt <= staleAfterMs;
  return {
    isKnown: () => isFresh() && timesAnswered === timesAsked,
    lookAnew() {
      timesAsked += 1;
      beat.nudge();
    },
    isRevoked(sessionId, keyId) {
      if (!isFresh()) {
        throw new AppError('SERVICE_UNAVAILABLE', 'Whether sessions are still good cannot be told right now.', {
          retryAfterSeconds: 2,
        });
      }
      return forgetAt.has(sessionId) || keys.isWithdrawn(keyId);
    },
    close: () => beat.stop(),
  };
};
