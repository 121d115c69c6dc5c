import type { CallerName, RouteContract } from '@guildhall/contracts';
import type { Principal } from '@guildhall/principal';
import type { VersionCondition } from '@guildhall/resources';
import type { Static, TSchema } from 'typebox';
import type { Answer } from './answer.ts';
import type { SentCookie } from './session-cookie.ts';

type Part<S> = S extends TSchema ? Static<S> : Record<string, never>;

/**
 * One request, checked against its contract, whichever transport brought it. `Caller` is the type by which the process
 * identifies callers.
 */
export interface Call<C extends RouteContract = RouteContract, Caller = Principal> {
  readonly params: Part<C['params']>;
  readonly query: Part<C['query']>;
  readonly body: Part<C['body']>;
  readonly caller: Caller;
  readonly requestId: string;
  /** The process that signed the service token; null for a route that is not for services. */
  readonly callingService: CallerName | null;
  /** The versions that `If-Match` accepts. Any, for a contract that is not versioned. */
  readonly ifMatch: VersionCondition;
  /** The `Idempotency-Key`. Only for a contract that creates; undefined if the caller sent none. */
  readonly idempotencyKey: string | undefined;
  /** The `Last-Event-ID`. Only for a contract that takes one; undefined if the caller sent none. */
  readonly lastEventId: string | undefined;
  /** The session cookie. Only for a contract that takes it; otherwise there is none. */
  readonly sessionCookie: SentCookie;
}

/** Performs an operation for one call: nothing of HTTP is in what it sees or returns. */
export type Handler<C extends RouteContract, Caller = Principal> = (call: Call<C, Caller>) => Promise<Answer<C>>;
