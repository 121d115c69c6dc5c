import { SignJWT } from 'jose';
import type { CallerName, ServiceName } from '@guildhall/contracts';
import {
  clientTokenType,
  internalTokenLifetimeSeconds,
  principalTokenType,
  serviceTokenType,
  type Principal,
} from './principal.ts';

export interface InternalSigner {
  /** Signs a principal for `audience`. The token is valid for 30 seconds. */
  signPrincipal(principal: Principal, audience: ServiceName): Promise<string>;
  /** Signs the address of a client without a session for `audience`. The token is valid for 30 seconds. */
  signClient(ip: string, audience: ServiceName): Promise<string>;
  /** Signs the name of this service for `audience`. The token is valid for 30 seconds. */
  signService(audience: ServiceName): Promise<string>;
}

export interface InternalSignerParts {
  /** The installation's internal key, at least 32 bytes. */
  readonly key: Uint8Array;
  readonly issuer: CallerName;
  readonly now: () => Date;
}

/** The time for which a service token is reused before it is signed again, well before it expires. */
const serviceTokenReuseMs = 10_000;

/** Signs internal tokens: JWT (RFC 7519) with HS256 (RFC 7518, section 3.2). */
export const createInternalSigner = ({ key, issuer, now }: InternalSignerParts): InternalSigner => {
  const sign = (payload: Record<string, unknown>, typ: string, audience: ServiceName): Promise<string> => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256', typ })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + internalTokenLifetimeSeconds)
      .sign(key);
  };
  const services = new Map<ServiceName, { readonly token: Promise<string>; readonly signedAtMs: number }>();
  return {
    signPrincipal: (principal, audience) => sign({ principal }, principalTokenType, audience),
    signClient: (ip, audience) => sign({ ip }, clientTokenType, audience),
    signService(audience) {
      const known = services.get(audience);
      const nowMs = now().getTime();
      const ageMs = nowMs - (known?.signedAtMs ?? 0);
      // A token from the future was signed before the clock was set back: nobody takes it.
      if (known !== undefined && ageMs >= 0 && ageMs < serviceTokenReuseMs) return known.token;
      const token = sign({}, serviceTokenType, audience);
      services.set(audience, { token, signedAtMs: nowMs });
      return token;
    },
  };
};
