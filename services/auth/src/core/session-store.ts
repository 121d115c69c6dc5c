import type { PageRequest } from '@guildhall/resources';
import type { TokenSubject } from './user-store.ts';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly refreshTokenHash: string;
  readonly ipAddress: string;
  readonly deviceLabel: string;
  readonly expiresAt: Date;
  /** The hash of the password that the session was opened with; null where it was opened without. */
  readonly passwordHash: string | null;
  /** Whether both factors opened it. Without, none is opened for an account that has a second factor. */
  readonly isMultiFactor: boolean;
}

/** The account of a session that is refreshed. */
export interface RefreshSubject extends TokenSubject {
  readonly isMultiFactor: boolean;
}

export interface DeviceSession {
  readonly id: string;
  readonly deviceLabel: string;
  readonly ipAddress: string;
  /** Times in ISO 8601, UTC. */
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

/** The caller and the session that they act in. */
export interface SessionOwner {
  readonly userId: string;
  readonly sessionId: string;
}

/** The earlier use of a refresh token that could not be exchanged. */
export type RefusedToken = { readonly usedAt: Date; readonly userId: string } | null;

/** The sign-in that opened the caller's session. */
export interface OwnSignIn {
  readonly hasPassword: boolean;
  /** False also once the session has ended. */
  readonly isRecent: boolean;
}

/** Sessions with their rotating refresh tokens. */
export interface SessionStore {
  /**
   * Opens a session while the account is active and has that password still, whose rows are locked until the end of the transaction: a change
   * of either comes before, and nothing is opened with the old password, or after, and ends this session, too. Returns whether it was opened.
   */
  open(session: NewSession, now: Date): Promise<boolean>;

  /**
   * Refresh token rotation, a compare-and-swap: one statement decides which of many callers wins. Returns the account, or null
   * when the hash is not the session's current one, or the session or its account has ended.
   */
  rotate(
    token: { readonly sessionId: string; readonly usedHash: string; readonly nextHash: string },
    now: Date,
  ): Promise<RefreshSubject | null>;

  /** Tells whether the caller's account has a password, and whether their session was opened since then: refreshing it does not count. */
  findSignIn(caller: SessionOwner, since: Date, now: Date): Promise<OwnSignIn>;

  /** The time at which the hash was used in a live session; null if it never was, and for ended sessions. */
  findTraded(sessionId: string, hash: string): Promise<RefusedToken>;

  /** Finds the account of a live session by its current refresh token; null for any other token, and once either has ended. */
  findByToken(sessionId: string, hash: string, now: Date): Promise<RefreshSubject | null>;

  /** Notes that the caller's session has shown both factors. */
  markMultiFactor(caller: SessionOwner, now: Date): Promise<void>;

  /** Returns whether this call ended it. */
  revoke(sessionId: string, userId: string, now: Date): Promise<boolean>;

  /** Ends a session of the caller, while the caller's own is live. */
  revokeAsCaller(target: string, caller: SessionOwner, now: Date): Promise<boolean>;

  /** Ends every other session of the caller, and the sign-ins under way, while the caller's own is live; null when it is not. */
  revokeOthers(caller: SessionOwner, now: Date): Promise<readonly string[] | null>;

  /** Ends every session of an account, and the sign-ins under way. Returns the ids of those that were live. */
  revokeAll(userId: string, now: Date): Promise<readonly string[]>;

  /** Ends every session of an account, and forgets where and on what device they were. Returns the ids of those that were live. */
  eraseAll(userId: string, now: Date): Promise<readonly string[]>;

  /** Live sessions, newest first, while the caller's own is live; null when it is not. */
  list(caller: SessionOwner, page: PageRequest, now: Date): Promise<readonly DeviceSession[] | null>;

  isLive(caller: SessionOwner, now: Date): Promise<boolean>;

  /** The sessions that were revoked since then, newest first. */
  revokedSince(since: Date, max: number): Promise<readonly string[]>;
}
