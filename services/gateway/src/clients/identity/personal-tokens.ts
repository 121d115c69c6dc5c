import { createHash } from 'node:crypto';
import { internalRoutes } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import type { Static } from 'typebox';
import type { SignedInUser } from '../../core/admission/admit.ts';
import { createCallerLookup } from './caller-lookup.ts';

export interface PersonalTokens {
  /**
   * Finds the caller of a personal access token, as auth knew them at most a second ago. Throws UNAUTHENTICATED for one that is revoked, has
   * expired or never was, SERVICE_UNAVAILABLE if auth does not answer, and what `onLookup` throws, which is called before auth is asked.
   */
  verify(token: string, onLookup: () => void): Promise<SignedInUser>;
}

const pattern = /^guildhall_pat_[A-Za-z0-9_-]{43}$/;

const Answer = answerOf(internalRoutes.findPersonalToken.responses[200]);

/** True for a bearer token of the form of a personal access token, which no JWT has. */
export const isPersonalToken = (token: string): boolean => token.startsWith('guildhall_pat_');

/** Asks auth for tokens by their hash. Unknown ones are cached, too. */
export const createPersonalTokens = (auth: InternalClient): PersonalTokens => {
  const find = createCallerLookup(
    (tokenHash: string) => tokenHash,
    async (tokenHash): Promise<SignedInUser | null> => {
      const { path } = internalRoutes.findPersonalToken;
      const { found } = await auth.call({ method: 'POST', path, mayBeSentAgain: true, body: { tokenHash }, answer: Answer });
      return found === null ? null : callerOf(found);
    },
  );
  return {
    async verify(token, onLookup) {
      if (!pattern.test(token)) throw invalidToken();
      const caller = await find(createHash('sha256').update(token).digest('base64url'), onLookup);
      if (caller === null) throw invalidToken();
      return caller;
    },
  };
};

type Found = NonNullable<Static<(typeof internalRoutes.findPersonalToken.responses)[200]>['found']>;

/** The caller of a token holds the global permissions that both the user and the token have. */
const callerOf = ({ tokenId, userId, displayName, email, permissions, tokenPermissions }: Found): SignedInUser => ({
  userId,
  sessionId: tokenId,
  displayName,
  email,
  permissions: permissions.filter((permission) => tokenPermissions.includes(permission)),
  tokenPermissions,
});

const invalidToken = (): AppError =>
  new AppError('UNAUTHENTICATED', 'The personal access token is unknown, was revoked or has expired.');
