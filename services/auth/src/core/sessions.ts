import { AppError } from '@guildhall/errors';
import type { TokenSubject } from './users.ts';

export const sessionEnded = (): AppError => new AppError('UNAUTHENTICATED', 'This session has ended. Sign in again.');

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly refreshTokenHash: string;
  readonly ipAddress: string;
  readonly deviceLabel: string;
  readonly expiresAt: Date;
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

/** Who acts, and in which session of theirs. */
export interface SessionOwner {
  readonly userId: string;
  readonly sessionId: string;
}

/** What is known of a refresh token that could not be traded. */
export type RefusedToken = { readonly usedAt: Date; readonly userId: string } | null;

export interface PageRequest {
  readonly limit: number;
  readonly after: { readonly createdAt: string; readonly id: string } | null;
}

export interface Sessions {
  open(session: NewSession, now: Date): Promise<void>;

  /**
   * Trades a token: one statement decides who of many callers does. Answers the account, or null when this hash is not
   * the session's present one, or the session or its account has ended.
   */
  rotate(
    token: { readonly sessionId: string; readonly usedHash: string; readonly nextHash: string },
    now: Date,
  ): Promise<TokenSubject | null>;

  /** When a hash of a session that is still live was traded; null for one that never was, and for ended sessions. */
  findTraded(sessionId: string, hash: string): Promise<RefusedToken>;

  /** Answers whether this call ended it. */
  revoke(sessionId: string, userId: string, now: Date): Promise<boolean>;

  /** Ends a session of the caller, while the caller's own is live. */
  revokeAsCaller(target: string, caller: SessionOwner, now: Date): Promise<boolean>;

  /** Ends every other session of the caller, while the caller's own is live; null when it is not. */
  revokeOthers(caller: SessionOwner, now: Date): Promise<readonly string[] | null>;

  /** Live sessions, newest first, while the caller's own is live; null when it is not. One more than `limit` if there are more. */
  list(caller: SessionOwner, page: PageRequest, now: Date): Promise<readonly DeviceSession[] | null>;

  isLive(caller: SessionOwner, now: Date): Promise<boolean>;

  /** The sessions that were revoked since then, newest first. */
  revokedSince(since: Date, max: number): Promise<readonly string[]>;
}
