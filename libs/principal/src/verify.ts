import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { AppError } from '@guildhall/errors';
import { serviceNames, type CallerName } from '@guildhall/contracts';
import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
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
import type { ServiceIdentity, ServicePublicKeys } from './service-identity.ts';

export interface InternalVerifier {
  /** Throws UNAUTHENTICATED unless the gateway signed this for us and it has not expired. */
  verifyPrincipal(token: string): Promise<Principal>;
  /** Throws UNAUTHENTICATED unless the gateway signed this address for us and it has not expired. */
  verifyClient(token: string): Promise<SignedClient>;
  /** Throws UNAUTHENTICATED unless the process that it names signed this for us and it has not expired. */
  verifyService(token: string): Promise<CallerName>;
}

export interface InternalVerifierParts {
  /** The process that tokens are meant for, with the public keys of those that sign them. */
  readonly identity: Pick<ServiceIdentity, 'name' | 'publicKeys'>;
  readonly now: () => Date;
}

/** The largest difference between the clocks of two processes. */
const clockToleranceSeconds = 5;
const callers: readonly CallerName[] = ['gateway', ...serviceNames];
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

/** The process that a key belongs to. */
const ownerOf = (keys: ServicePublicKeys, keyId: string | undefined): { name: CallerName; key: KeyObject } | undefined => {
  if (keyId === undefined) return undefined;
  for (const name of callers) {
    const key = keys[name].get(keyId);
    if (key !== undefined) return { name, key };
  }
  return undefined;
};

/**
 * Verifies what `createInternalSigner` signed: key, algorithm, type, issuer, audience and expiry (RFC 8725). The issuer is
 * the owner of the key, whatever the token says, so that no process can speak for another.
 */
export const createInternalVerifier = ({ identity, now }: InternalVerifierParts): InternalVerifier => {
  const verify = async (token: string, typ: string): Promise<JWTPayload & { readonly iss: CallerName }> => {
    const options = {
      algorithms: ['EdDSA'],
      typ,
      audience: identity.name,
      clockTolerance: clockToleranceSeconds,
      // Also refuses a time of issue in the future, and a longer life than ours, whatever `exp` says.
      maxTokenAge: internalTokenLifetimeSeconds,
      currentDate: now(),
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    };
    try {
      const owner = ownerOf(identity.publicKeys, decodeProtectedHeader(token).kid);
      if (owner === undefined) throw refused();
      const { payload } = await jwtVerify(token, owner.key, { ...options, issuer: owner.name });
      return { ...payload, iss: owner.name };
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
      return { value: iss, ...endOf(exp, now()) };
    }),
  };
};

const refused = (cause?: unknown): AppError =>
  new AppError('UNAUTHENTICATED', 'This address is for the services of this installation only.', { cause });
