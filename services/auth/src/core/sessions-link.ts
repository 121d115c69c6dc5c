import { AppError } from '@guildhall/errors';
import { userActor } from '@guildhall/resources';
import { clockSkewSecondsMax, sessionsLinkLifetimeSeconds } from './limits.ts';
import { secondsAfter, type Now } from './random.ts';
import { sessionRevocation } from './sessions.ts';
import type { Database } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

/** The account whose sessions a link ends, and until when. */
export interface SessionsLink {
  readonly userId: string;
  readonly expiresAt: Date;
}

/** The links in notices of changed credentials. Each ends all sessions of its account, and can do nothing else. */
export interface SessionsLinks {
  linkOf(userId: string, at: Date): string;
  /** Null for a token that was not made here. */
  read(token: string): SessionsLink | null;
}

export const sessionsLinkEnd = (at: Date): Date => secondsAfter(at, sessionsLinkLifetimeSeconds);

export interface EndSessionsByLinkParts {
  readonly database: Database;
  readonly sessionsLinks: SessionsLinks;
  readonly now: Now;
}

/** Ends every session, and every sign-in under way, of the account of a link. May be repeated. Throws WRONG_CODE, whatever is wrong with it. */
export const createEndSessionsByLink = ({ database, sessionsLinks, now }: EndSessionsByLinkParts) =>
  async function endSessionsByLink(context: VisitorContext, token: string): Promise<void> {
    const at = now();
    const link = sessionsLinks.read(token);
    const isGood =
      link !== null && link.expiresAt > at && link.expiresAt <= sessionsLinkEnd(secondsAfter(at, clockSkewSecondsMax));
    await database.inTransaction(async ({ sessions, outbox }) => {
      if (link === null || !isGood) throw wrongLink();
      const actor = userActor(link.userId, undefined, context.caller);
      const ended = await sessions.revokeAll(link.userId, at);
      if (ended.length === 0) return;
      await outbox.append(ended.map((id) => context.audit('success', { actor, ...sessionRevocation(id, 'mailed-link') })));
    });
  };

const wrongLink = (): AppError =>
  new AppError('WRONG_CODE', 'The link is wrong or has expired.', { errors: [{ path: '/linkToken', message: 'is invalid' }] });
