import type { AccessRule, CallerName, RouteContract } from '@guildhall/contracts';
import type { Freshness } from './answer.ts';
import type { Call, Handler } from './call.ts';
import { boundListOf } from './list-cursor.ts';
import { readIdempotencyKey, readIfMatch } from './preconditions.ts';
import { requestCheckOf, type RawRequest } from './request-check.ts';
import { noSessionCookie, readSessionCookie, type SetCookie } from './session-cookie.ts';

/** A request as a transport hands it over: who calls is established, nothing else is checked. */
export interface OperationRequest<Caller> extends RawRequest {
  readonly caller: Caller;
  readonly requestId: string;
  readonly callingService: CallerName | null;
  /** The request's fields of these names, as they came. */
  readonly ifMatch: string | undefined;
  readonly idempotencyKey: string | readonly string[] | undefined;
  readonly lastEventId: string | undefined;
  readonly cookie: string | undefined;
  readonly fetchSite: string | undefined;
}

/** An answer whose contract is no longer known: what a transport sends. */
export interface OperationAnswer {
  readonly status: number;
  readonly mediaType?: string;
  readonly fileName?: string;
  readonly freshness?: Freshness;
  readonly version?: number | null;
  readonly createdId?: string;
  readonly sessionCookie?: SetCookie;
  readonly body?: unknown;
  readonly jsonText?: string;
}

/** One operation of a process, to be dispatched by any transport. */
export interface Operation<Caller> {
  readonly contract: RouteContract;
  /** Who may call it. The transport lets nobody else through. */
  readonly access: AccessRule;
  /** Checks the request against the contract and performs it. Throws an AppError for the caller, or a fault of the program. */
  perform(request: OperationRequest<Caller>): Promise<OperationAnswer>;
}

export interface OperationOptions {
  /** Accepts text that no database can store. For internal routes, whose handlers keep such events as dead letters. */
  readonly takesAnyText?: boolean;
}

/**
 * Joins a contract, its access rule and its handler to an operation. A handler of a list sees and answers positions: the cursors
 * around them are bound here.
 */
export const createOperation = <C extends RouteContract, Caller>(
  contract: C,
  access: AccessRule,
  handler: Handler<C, Caller>,
  { takesAnyText }: OperationOptions = {},
): Operation<Caller> => {
  const check = requestCheckOf(contract, takesAnyText);
  const status = Math.min(...Object.keys(contract.responses).map(Number));
  return {
    contract,
    access,
    perform: async (request) => {
      const { params, query: sent, body } = check(request);
      const list = boundListOf(contract, { params, query: sent });
      const { caller, requestId, callingService } = request;
      const query = list?.query ?? sent;
      const call = { params, query, body, caller, requestId, callingService, ...fieldsOf(contract, request) };
      const answer: Partial<OperationAnswer> = await handler(call as Call<C, Caller>);
      return { status, ...answer, ...(list === undefined ? {} : { body: list.bind(answer.body) }) };
    },
  };
};

/** The fields of a request that its contract takes, read; those that it does not take are not looked at. */
const fieldsOf = (
  contract: RouteContract,
  request: OperationRequest<unknown>,
): Pick<Call, 'ifMatch' | 'idempotencyKey' | 'lastEventId' | 'sessionCookie'> => ({
  ifMatch: contract.isVersioned === true ? readIfMatch(request.ifMatch) : '*',
  idempotencyKey: contract.isIdempotentCreate === true ? readIdempotencyKey(request.idempotencyKey) : undefined,
  lastEventId: contract.takesLastEventId === true ? request.lastEventId : undefined,
  sessionCookie: contract.takesSessionCookie === true ? readSessionCookie(request) : noSessionCookie,
});
