import { AppError } from '@guildhall/errors';
import { serviceNames, type CallerName, type ServiceName } from '@guildhall/contracts';
import { jwtVerify, type JWTPayload } from 'jose';
import { Compile } from 'typebox/compile';
import { internalTokenLifetimeSeconds, Principal, principalTokenType, serviceTokenType } from './principal.ts';

export interface InternalVerifier {
  /** Throws UNAUTHENTICATED unless the gateway signed this for us and it has not expired. */
  verifyPrincipal(token: string): Promise<Principal>;
  /** Throws UNAUTHENTICATED unless a service of this installation signed this for us and it has not expired. */
  verifyService(token: string): Promise<CallerName>;
}

export interface InternalVerifierParts {
  /** The installation's internal key, at least 32 bytes. */
  readonly key: Uint8Array;
  readonly audience: ServiceName;
  readonly now: () => Date;
}

/** How far two processes' clocks may be apart. */
const clockToleranceSeconds = 5;
const callers: readonly string[] = ['gateway', ...serviceNames];
const principalCheck = Compile(Principal);

/** Verifies what `createInternalSigner` signed: algorithm, type, issuer, audience and expiry (RFC 8725). */
export const createInternalVerifier = ({ key, audience, now }: InternalVerifierParts): InternalVerifier => {
  const verify = async (token: string, typ: string): Promise<JWTPayload> => {
    const options = {
      algorithms: ['HS256'],
      typ,
      audience,
      clockTolerance: clockToleranceSeconds,
      // Also refuses a time of issue in the future, and a longer life than ours, whatever `exp` says.
      maxTokenAge: internalTokenLifetimeSeconds,
      currentDate: now(),
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    };
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (cause) {
      throw refused(cause);
    }
  };
  return {
    async verifyPrincipal(token) {
      const { iss, principal } = await verify(token, principalTokenType);
      if (iss !== 'gateway' || !principalCheck.Check(principal)) throw refused();
      return principal;
    },
    async verifyService(token) {
      const { iss } = await verify(token, serviceTokenType);
      if (iss === undefined || !callers.includes(iss)) throw refused();
      return iss as CallerName;
    },
  };
};

const refused = (cause?: unknown): AppError =>
  new AppError('UNAUTHENTICATED', 'This address answers only the services of this installation.', { cause });
