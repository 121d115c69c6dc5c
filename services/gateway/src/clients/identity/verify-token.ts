import type { InternalClient, Logger } from '@guildhall/http';
import type { AdmissionParts } from '../../core/admission/admit.ts';
import type { OutsideIssuer } from '../../core/admission/outside-issuers.ts';
import { createOutsideTokens } from './outside-tokens.ts';
import { createPersonalTokens, isPersonalToken } from './personal-tokens.ts';
import type { TokenVerifier } from './token-verifier.ts';

export interface VerifyTokenParts {
  /** Verifies the tokens that auth has signed. */
  readonly own: Pick<TokenVerifier, 'verify'>;
  /** The issuers of the settings whose access tokens are taken, too. */
  readonly outsideIssuers: readonly OutsideIssuer[];
  readonly auth: InternalClient;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

/** Verifies a bearer token: a personal access token by its form, one of an outside issuer by the issuer that it names, any other as one of auth's own. */
export const createVerifyToken = ({
  own,
  outsideIssuers: issuers,
  auth,
  monotonicMs,
  log,
}: VerifyTokenParts): AdmissionParts['verifyToken'] => {
  const personal = createPersonalTokens(auth);
  const onFault = (error: unknown, issuer: string): void =>
    log.error({ err: error, issuer }, 'the keys of an outside issuer cannot be read');
  const outside = createOutsideTokens({ issuers, auth, monotonicMs, onFault });
  return (token, onLookup) => {
    if (isPersonalToken(token)) return personal.verify(token, onLookup);
    return outside.isOutside(token) ? outside.verify(token, onLookup) : own.verify(token);
  };
};
