import { SignJWT } from 'jose';
import type { ServiceName } from '@guildhall/contracts';
import {
  clientTokenType,
  internalTokenLifetimeSeconds,
  principalTokenType,
  serviceTokenType,
  type Principal,
} from './principal.ts';
import type { ServiceIdentity } from './service-identity.ts';

export interface InternalSigner {
  /** Signs a principal for `audience`. The token is valid for 30 seconds. */
  signPrincipal(principal: Principal, audience: ServiceName): Promise<string>;
  /** Signs the address of a client without a session for `audience`. The token is valid for 30 seconds. */
  signClient(ip: string, audience: ServiceName): Promise<string>;
  /** Signs the name of this service for `audience`. The token is valid for 30 seconds. */
  signService(audience: ServiceName): Promise<string>;
}

export interface InternalSignerParts {
  readonly identity: ServiceIdentity;
  readonly now: () => Date;
}

/** The time for which a service token is reused before it is signed again, well before it expires. */
const serviceTokenReuseMs = 10_000;

/** Signs internal tokens with the key of this process: JWT (RFC 7519) with EdDSA (RFC 8037, section 3.1). */
export const createInternalSigner = ({ identity, now }: InternalSignerParts): InternalSigner => {
  const sign = (payload: Record<string, unknown>, typ: string, audience: ServiceName): Promise<string> => {
    const issuedAt = Math.floor(now().getTime() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: identity.keyId })
      .setIssuer(identity.name)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + internalTokenLifetimeSeconds)
      .sign(identity.privateKey);
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
