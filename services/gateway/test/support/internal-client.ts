import { createInternalClient, type InternalClient } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { internalKey } from '@guildhall/testkit';
import type { ServiceName } from '@guildhall/contracts';

export const clientOf = (baseUrl: string, service: ServiceName): InternalClient =>
  createInternalClient({
    baseUrl,
    service,
    signer: createInternalSigner({ key: internalKey, issuer: 'gateway', now: () => new Date() }),
    timeoutMs: 1_000,
  });

/** A problem answer as services give it. */
export const problem = (status: number, code: string) => ({
  type: 'about:blank',
  title: code,
  status,
  code,
  detail: code,
  requestId: 'r',
});
