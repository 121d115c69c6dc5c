import type { ServiceName } from '@guildhall/contracts';
import type { InternalSigner, Principal } from '@guildhall/principal';
import { LRUCache } from 'lru-cache';

/** A signed principal is used again for this long; it is good for 30 s. */
const reuseMs = 10_000;
const rememberedMax = 10_000;

export type SignPrincipal = (principal: Principal, service: ServiceName) => Promise<string>;

/** Signs principals for the services, each one once in ten seconds. */
export const createPrincipalSigning = (signer: InternalSigner): SignPrincipal => {
  const signed = new LRUCache<string, Promise<string>>({ max: rememberedMax, ttl: reuseMs });
  return (principal, service) => {
    const key = JSON.stringify([service, principal]);
    const known = signed.get(key);
    if (known !== undefined) return known;
    const started = signer.signPrincipal(principal, service);
    signed.set(key, started);
    return started;
  };
};
