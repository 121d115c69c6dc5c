import { AppError } from '@guildhall/errors';
import { answerOf, type InternalClient, type Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { internalRoutes } from '@guildhall/contracts';

/** The part of a token's credentials that was revoked; `access`: the rights or the address of its user have changed. */
export type Revocation = 'session' | 'key' | 'access';

/** The claims of a verified token that it can be revoked by. */
export interface TokenOrigin {
  readonly sessionId: string;
  readonly keyId: string;
  readonly userId: string;
  readonly accessVersion: number;
}

export interface RevokedSessions {
  /**
   * Tells whether the session was revoked, or else the key that signed its token was withdrawn, or else the rights of its user have changed;
   * null if none. Throws SERVICE_UNAVAILABLE if the list was not refreshed for `staleAfterMs`.
   */
  revocationOf(token: TokenOrigin): Revocation | null;
  /** Whether the list is fresh, and was read after the last `reload`. */
  isKnown(): boolean;
  /** Reads the list again at once: auth may have another database now. */
  reload(): void;
  close(): Promise<void>;
}

const askEveryMs = 1_000;
/** The poll interval while auth does not answer: signed-in users are served again as soon as it does. */
const afterErrorMs = 200;
/** How long an entry is kept: longer than the lifetime of an access token, five minutes. */
const keepMs = 400_000;
/** The list's maximum age. Auth may restart within this time; beyond it every session is refused. */
const staleAfterMs = 10_000;
/** How far each poll overlaps the last one, for revocations whose transaction was still open then. */
const overlapMs = 60_000;

const Answer = answerOf(internalRoutes.listRevokedSessions.responses[200]);

export interface RevokedSessionsParts {
  readonly auth: InternalClient;
  readonly log: Logger;
  /** Called when auth lists a signing key for the first time, so that its tokens can be verified. */
  readonly onNewKeys: () => Promise<void>;
  /** Called when a session is listed for the first time, or the rights of an account have changed again. */
  readonly onRevoked: () => void;
  /** Milliseconds that never run backwards. */
  readonly nowMs: () => number;
}

/**
 * The signing keys that auth has withdrawn: one was rotated out, or auth has moved to another database with other users. A key
 * that was never listed is new, and accepted.
 */
const createKeysSeen = () => {
  const withdrawn = new Set<string>();
  let present: readonly string[] = [];
  return {
    isWithdrawn: (keyId: string): boolean => withdrawn.has(keyId),
    hasNew: (keyIds: readonly string[]): boolean => keyIds.some((id) => !present.includes(id)),
    /** True if the two lists share no key: auth has another database. */
    areOfAnotherDatabase: (keyIds: readonly string[]): boolean =>
      present.length > 0 && !keyIds.some((id) => present.includes(id)),
    see(keyIds: readonly string[]): void {
      for (const id of present) withdrawn.add(id);
      for (const id of keyIds) withdrawn.delete(id);
      present = keyIds;
    },
  };
};

interface ChangedAccount {
  readonly userId: string;
  readonly accessVersion: number;
}

/** The accounts whose access tokens of before are refused, each for as long as one of those may live. */
const createAccessChanges = () => {
  const known = new Map<string, { readonly accessVersion: number; readonly forgetAt: number }>();
  const versionOf = (userId: string): number => known.get(userId)?.accessVersion ?? 0;
  return {
    isOutdated: ({ userId, accessVersion }: TokenOrigin): boolean => accessVersion < versionOf(userId),
    /** Returns whether any of them is news. */
    see(accounts: readonly ChangedAccount[], now: number): boolean {
      const hasNews = accounts.some(({ userId, accessVersion }) => accessVersion > versionOf(userId));
      for (const { userId, accessVersion } of accounts) known.set(userId, { accessVersion, forgetAt: now + keepMs });
      for (const [userId, { forgetAt }] of known) if (forgetAt < now) known.delete(userId);
      return hasNews;
    },
  };
};

/** The sessions that ended, each for as long as a token of it may live. */
const createEndedSessions = () => {
  const forgetAt = new Map<string, number>();
  return {
    has: (sessionId: string): boolean => forgetAt.has(sessionId),
    /** Returns whether any of them is news. */
    see(sessionIds: readonly string[], now: number): boolean {
      const hasNews = sessionIds.some((sessionId) => !forgetAt.has(sessionId));
      for (const sessionId of sessionIds) forgetAt.set(sessionId, now + keepMs);
      for (const [sessionId, at] of forgetAt) if (at < now) forgetAt.delete(sessionId);
      return hasNews;
    },
  };
};

/** Polls the revocation list once a second, so that a revoked session is refused within two seconds. */
export const createRevokedSessions = ({ auth, onNewKeys, onRevoked, log, nowMs }: RevokedSessionsParts): RevokedSessions => {
  const ended = createEndedSessions();
  const keys = createKeysSeen();
  const access = createAccessChanges();
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
    const from = since ?? askedAt - keepMs;
    const latest = await ask(from);
    const authMs = Date.parse(latest.now);
    // Times in the list are auth's. Its clock may be behind this one, or have been set back, or be that of another database.
    const wholeWindow = Math.min(askedAt, authMs + overlapMs) - keepMs;
    const wantsAll = since === null ? from > wholeWindow : authMs < since || keys.areOfAnotherDatabase(latest.keyIds);
    const { sessionIds, accounts = [], keyIds, now } = wantsAll ? await ask(wholeWindow) : latest;
    if (keys.hasNew(keyIds)) await onNewKeys();
    keys.see(keyIds);
    const isNews = [access.see(accounts, askedAt), ended.see(sessionIds, askedAt)];
    since = Date.parse(now) - overlapMs;
    learnedAt = askedAt;
    timesAnswered = asked;
    if (isNews.includes(true)) onRevoked();
  };
  const poller = repeat({
    everyMs: askEveryMs,
    afterErrorMs,
    task: learn,
    onError: (error) => log.info({ err: error }, 'the list of revoked sessions cannot be read from auth'),
  });
  const isFresh = (): boolean => nowMs() - learnedAt <= staleAfterMs;
  return {
    isKnown: () => isFresh() && timesAnswered === timesAsked,
    reload() {
      timesAsked += 1;
      poller.wake();
    },
    revocationOf(token) {
      if (!isFresh()) {
        throw new AppError('SERVICE_UNAVAILABLE', 'Sessions cannot be verified right now.', {
          retryAfterSeconds: 2,
        });
      }
      if (ended.has(token.sessionId)) return 'session';
      if (keys.isWithdrawn(token.keyId)) return 'key';
      return access.isOutdated(token) ? 'access' : null;
    },
    close: () => poller.stop(),
  };
};
