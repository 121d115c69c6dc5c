import type { ServiceName } from '@guildhall/contracts';
import type { InternalSigner, Principal } from '@guildhall/principal';
import { LRUCache } from 'lru-cache';

/** How long a signed principal is reused. It is valid for 30 s. */
const reuseMs = 10_000;
const cachedMax = 10_000;

export type SignPrincipal = (principal: Principal, service: ServiceName) => Promise<string>;

/** Signs principals for the services, with a cache: equal ones are signed once in ten seconds. */
export const createPrincipalSigner = (signer: InternalSigner): SignPrincipal => {
  const signed = new LRUCache<string, { readonly token: Promise<string>; readonly signedAtMs: number }>({
    max: cachedMax,
    ttl: reuseMs,
  });
  return (principal, service) => {
    const key = JSON.stringify([service, principal]);
    const known = signed.get(key);
    const nowMs = Date.now();
    // A principal from the future was signed before the clock was set back: no service takes it.
    if (known !== undefined && known.signedAtMs <= nowMs) return known.token;
    const token = signer.signPrincipal(principal, service);
    signed.set(key, { token, signedAtMs: nowMs });
    return token;
  };
};
