import type { ServiceName } from '@guildhall/contracts';
import type { InternalSigner } from '@guildhall/principal';
import { LRUCache } from 'lru-cache';

/** How long a signed caller is reused. It is valid for 30 s. */
const reuseMs = 10_000;
const cachedMax = 10_000;

export type CallerSigner = Pick<InternalSigner, 'signPrincipal' | 'signClient'>;

/** Signs callers for the services, with a cache: equal ones are signed once in ten seconds. */
export const createCallerSigner = (signer: CallerSigner): CallerSigner => ({
  signPrincipal: signedOnce((principal, service) => signer.signPrincipal(principal, service)),
  signClient: signedOnce((ip, service) => signer.signClient(ip, service)),
});

const signedOnce = <Caller>(sign: (caller: Caller, service: ServiceName) => Promise<string>): typeof sign => {
  const signed = new LRUCache<string, { readonly token: Promise<string>; readonly signedAtMs: number }>({
    max: cachedMax,
    ttl: reuseMs,
  });
  return (caller, service) => {
    const key = JSON.stringify([service, caller]);
    const known = signed.get(key);
    const nowMs = Date.now();
    // A token from the future was signed before the clock was set back: no service takes it.
    if (known !== undefined && known.signedAtMs <= nowMs) return known.token;
    const token = sign(caller, service);
    signed.set(key, { token, signedAtMs: nowMs });
    return token;
  };
};
