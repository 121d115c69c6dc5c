import { isIP } from 'node:net';
import { AppError } from '@guildhall/errors';
import { serviceNames, type CallerName, type ServiceName } from '@guildhall/contracts';
import { jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { Compile } from 'typebox/compile';
import {
  clientTokenType,
  internalTokenLifetimeSeconds,
  Principal,
  principalTokenType,
  serviceTokenType,
  type SignedClient,
} from './principal.ts';

export interface InternalVerifier {
  /** Throws UNAUTHENTICATED unless the gateway signed this for us and it has not expired. */
  verifyPrincipal(token: string): Promise<Principal>;
  /** Throws UNAUTHENTICATED unless the gateway signed this address for us and it has not expired. */
  verifyClient(token: string): Promise<SignedClient>;
  /** Throws UNAUTHENTICATED unless a service of this installation signed this for us and it has not expired. */
  verifyService(token: string): Promise<CallerName>;
}

export interface InternalVerifierParts {
  /** The installation's internal key, at least 32 bytes. */
  readonly key: Uint8Array;
  readonly audience: ServiceName;
  readonly now: () => Date;
}

/** The largest difference between the clocks of two processes. */
const clockToleranceSeconds = 5;
const callers: readonly string[] = ['gateway', ...serviceNames];
const principalCheck = Compile(Principal);

/** The gateway sends the same token for some seconds: its signature is verified once, its expiry each time. */
const verifiedTokensMax = 10_000;

interface Verified<T> {
  readonly value: T;
  readonly expiresAtMs: number;
  /** The end by a monotonic clock, so that a token lives no longer because the clock was set back. */
  readonly endsAtMonotonicMs: number;
}

const endOf = (exp: number | undefined, now: Date): Omit<Verified<never>, 'value'> => {
  const expiresAtMs = Number(exp) * 1000;
  const leftMs = expiresAtMs - now.getTime() + clockToleranceSeconds * 1000;
  return { expiresAtMs, endsAtMonotonicMs: performance.now() + leftMs };
};

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
  const onceVerified = <T extends object | string>(read: (token: string) => Promise<Verified<T>>) => {
    const known = new LRUCache<string, Verified<T>>({ max: verifiedTokensMax });
    return async (token: string): Promise<T> => {
      const verified = known.get(token);
      if (verified !== undefined && verified.endsAtMonotonicMs < performance.now()) throw refused();
      if (verified !== undefined && verified.expiresAtMs > now().getTime()) return verified.value;
      const fresh = await read(token);
      known.set(token, fresh);
      return fresh.value;
    };
  };
  return {
    verifyPrincipal: onceVerified(async (token) => {
      const { iss, principal, exp } = await verify(token, principalTokenType);
      if (iss !== 'gateway' || !principalCheck.Check(principal)) throw refused();
      return { value: principal, ...endOf(exp, now()) };
    }),
    verifyClient: onceVerified(async (token) => {
      const { iss, ip, exp } = await verify(token, clientTokenType);
      if (iss !== 'gateway' || typeof ip !== 'string' || isIP(ip) === 0) throw refused();
      return { value: { ip }, ...endOf(exp, now()) };
    }),
    verifyService: onceVerified(async (token) => {
      const { iss, exp } = await verify(token, serviceTokenType);
      if (iss === undefined || !callers.includes(iss)) throw refused();
      return { value: iss as CallerName, ...endOf(exp, now()) };
    }),
  };
};

const refused = (cause?: unknown): AppError =>
  new AppError('UNAUTHENTICATED', 'This address is for the services of this installation only.', { cause });
