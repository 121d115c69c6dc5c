import { createInternalClient, type InternalClient } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import type { ServiceName } from '@guildhall/contracts';

/** None of the tests that use it is about a service that answers late: a second of a busy machine is no time-out. */
const noTimeoutMs = 3_600_000;

export const clientOf = (baseUrl: string, service: ServiceName): InternalClient =>
  createInternalClient({
    baseUrl,
    service,
    signer: createInternalSigner({ identity: identityOf('gateway'), now: () => new Date() }),
    timeoutMs: noTimeoutMs,
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
