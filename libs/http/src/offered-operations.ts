import type { RouteContract } from '@guildhall/contracts';
import type { Principal, SignedClient } from '@guildhall/principal';
import type { FastifyInstance } from 'fastify';
import type { OperationAnswer } from './operation.ts';

/** The caller, as a transport has established it. */
export interface Identified {
  readonly principal: Principal | null;
  readonly signedClient: SignedClient | null;
  readonly headers: { readonly 'user-agent'?: string | undefined };
}

/** A request that came without HTTP. */
export interface TransportedRequest {
  readonly params: unknown;
  readonly query: unknown;
  /** The text of its JSON body; null without one. */
  readonly bodyText: string | null;
  readonly identified: Identified;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An operation that is offered beside HTTP, by the same handler. */
export interface OfferedOperation {
  readonly contract: RouteContract;
  /** Whom the caller must be. */
  readonly access: 'principal' | 'anonymous';
  perform(request: TransportedRequest): Promise<OperationAnswer>;
}

/** The operations of one server that another transport than HTTP may perform. */
export interface OfferedOperations {
  readonly byName: Map<string, OfferedOperation>;
  /** Called with the method after each request that such a transport has answered. */
  readonly onAnswered: ((method: string) => void)[];
}

const offered = Symbol('operations that are offered beside HTTP');
type Scope = FastifyInstance & { readonly [offered]?: OfferedOperations };

/** Collects the operations of the routes that are registered from now on. */
export const collectOperations = (app: FastifyInstance): OfferedOperations => {
  const operations: OfferedOperations = { byName: new Map(), onAnswered: [] };
  Object.assign(app, { [offered]: operations });
  return operations;
};

/** The collected operations of a server or of a scope in it; undefined where none are collected. */
export const offeredIn = (scope: Scope): OfferedOperations | undefined => scope[offered];

/**
 * True if an operation may be offered beside HTTP: its answer is JSON that is sent whole, to whom the gateway names, and it reads no cookie. How long a body or
 * an answer is shows itself with the call.
 */
export const isOfferable = ({ media, isOpenToPages, takesLastEventId, takesSessionCookie }: RouteContract): boolean =>
  media === undefined && isOpenToPages !== true && takesLastEventId !== true && takesSessionCookie !== true;
