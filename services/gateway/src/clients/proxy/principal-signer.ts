import type { ServiceName } from '@guildhall/contracts';
import type { InternalSigner, Principal } from '@guildhall/principal';
import { LRUCache } from 'lru-cache';

/** How long a signed principal is reused. It is valid for 30 s. */
const reuseMs = 10_000;
const cachedMax = 10_000;

export type SignPrincipal = (principal: Principal, service: ServiceName) => Promise<string>;

/** Signs principals for the services, with a cache: equal ones are signed once in ten seconds. */
export const createPrincipalSigner = (signer: InternalSigner): SignPrincipal => {
  const signed = new LRUCache<string, Promise<string>>({ max: cachedMax, ttl: reuseMs });
  return (principal, service) => {
    const key = JSON.stringify([service, principal]);
    const known = signed.get(key);
    if (known !== undefined) return known;
    const started = signer.signPrincipal(principal, service);
    signed.set(key, started);
    return started;
  };
};
