import { Readable } from 'node:stream';
import { AppError } from '@guildhall/errors';
import type { CallerName, RouteContract } from '@guildhall/contracts';
import type { VersionCondition } from '@guildhall/resources';
import type { Principal } from '@guildhall/principal';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { InternalAccessRule } from './access.ts';
import type { Answer } from './answer.ts';
import { isNotModified, readIdempotencyKey, readIfMatch, versionTag } from './preconditions.ts';
import { unknownField } from './problem.ts';
import { requireStorable } from './storable-text.ts';

type Part<S> = S extends TSchema ? Static<S> : Record<string, never>;

/**
 * One request, checked against its contract, with nothing of the transport that brought it: what a handler needs beyond path,
 * query and body is stated by the contract and has a field here. `Caller` is the type by which the process identifies callers.
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
}

export type Handler<C extends RouteContract, Caller = Principal> = (call: Call<C, Caller>) => Promise<Answer<C>>;

export interface ServeOptions<Caller> {
  /** The access rule, kept in the route's config for the guard to read. */
  readonly access: unknown;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly onRequest?: onRequestAsyncHookHandler[];
  readonly bodyBytesMax?: number;
  /** Accepts text that no database can store. For internal routes, whose handlers keep such events as dead letters. */
  readonly takesAnyText?: boolean;
}

/** An answer whose contract is no longer known: what the transport sends. */
interface AnyAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: number;
  readonly createdId?: string;
  readonly body?: unknown;
  readonly jsonText?: string;
}

/** Registers one operation: validates requests against its contract, refuses text that no database can store, and sends status, ETag and body. */
export const serveContract = <C extends RouteContract, Caller>(
  app: FastifyInstance,
  contract: C,
  options: ServeOptions<Caller>,
  handler: Handler<C, Caller>,
): void => {
  const defaultStatus = Math.min(...Object.keys(contract.responses).map(Number));
  app.route({
    method: contract.method,
    url: contract.path,
    schema: schemaOf(contract),
    config: { access: options.access },
    ...(options.bodyBytesMax === undefined ? {} : { bodyLimit: options.bodyBytesMax }),
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    handler: async (request, reply) => {
      if (contract.body === undefined) requireNoBody(request.body);
      requireStorable('path', request.params);
      requireStorable('query', request.query);
      if (options.takesAnyText !== true) requireStorable('body', request.body);
      const answer: AnyAnswer = await handler(toCall(request, contract, options.callerOf(request)));
      if (answer.version !== undefined) void reply.header('etag', versionTag(answer.version));
      if (isCurrent(request, answer.version)) return reply.code(304).send();
      if (answer.createdId !== undefined) void reply.header('location', locationOf(contract, request.params, answer.createdId));
      if (answer.jsonText !== undefined) void reply.type('application/json; charset=utf-8');
      if (answer.headers !== undefined) void reply.headers(answer.headers);
      return reply.code(answer.status ?? defaultStatus).send(answer.jsonText ?? sendable(request, answer.body));
    },
  });
};

/** Throws INVALID for a body with content where the contract takes none. An empty object is taken: some clients always send one. */
const requireNoBody = (body: unknown): void => {
  if (body === undefined || body === null) return;
  const [field] = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : [''];
  if (field === undefined) return;
  const errors = field === '' ? [] : [unknownField(field)];
  throw new AppError('INVALID', 'This operation takes no body.', { errors });
};

/** Whether a read is conditional on a change, and nothing has changed. */
const isCurrent = ({ method, headers }: FastifyRequest, version: number | undefined): boolean =>
  version !== undefined && (method === 'GET' || method === 'HEAD') && isNotModified(headers['if-none-match'], version);

/** The path of what a request has created. */
const locationOf = ({ location }: RouteContract, params: unknown, id: string): string => {
  if (location === undefined) throw new Error('An answer names what it has created, but its contract has no location.');
  const values: Readonly<Record<string, string>> = { ...(params as Record<string, string>), id };
  return location.replaceAll(/:(\w+)/g, (_parameter, name: string) => encodeURIComponent(values[name] ?? ''));
};

/** Fastify answers HEAD on a web stream with the headers alone, without a length, and cancels the stream before it begins. */
const sendable = ({ method }: FastifyRequest, body: unknown): unknown =>
  body instanceof ReadableStream && method !== 'HEAD' ? Readable.fromWeb(body) : body;

/** A client without a session, as the gateway forwards its request. */
export interface AnonymousClient {
  /** The address that connected to the gateway; undefined if the gateway asks on its own behalf. */
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
}

/** The caller that a handler sees, by the access rule of its route. A calling service is named by `callingService`. */
export type CallerBy<Access extends InternalAccessRule> = Access extends 'principal'
  ? Principal
  : Access extends 'service'
    ? null
    : AnonymousClient;

/** Registers one operation of a service behind the gateway. */
export const serve = <C extends RouteContract, Access extends InternalAccessRule>(
  app: FastifyInstance,
  contract: C,
  access: Access,
  handler: Handler<C, CallerBy<Access>>,
): void => {
  const callerOf = callerReaders[access] as (request: FastifyRequest) => CallerBy<Access>;
  serveContract(app, contract, { access, callerOf, takesAnyText: access === 'service' }, handler);
};

const principalOf = (request: FastifyRequest): Principal => {
  if (request.principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return request.principal;
};

/** The gateway sets `x-forwarded-for` to the address that connected to it, and drops what clients send in it. */
const anonymousClientOf = ({ headers }: FastifyRequest): AnonymousClient => ({
  ip: textOf(headers['x-forwarded-for']),
  userAgent: headers['user-agent'],
});

const callerReaders: { readonly [Access in InternalAccessRule]: (request: FastifyRequest) => CallerBy<Access> } = {
  principal: principalOf,
  public: anonymousClientOf,
  gateway: anonymousClientOf,
  service: () => null,
};

const toCall = <C extends RouteContract, Caller>(request: FastifyRequest, contract: C, caller: Caller): Call<C, Caller> => ({
  params: (request.params ?? {}) as Part<C['params']>,
  query: (request.query ?? {}) as Part<C['query']>,
  body: (request.body ?? {}) as Part<C['body']>,
  caller,
  requestId: request.id,
  callingService: request.callingService ?? null,
  ifMatch: contract.isVersioned === true ? readIfMatch(request.headers['if-match']) : '*',
  idempotencyKey: contract.isIdempotentCreate === true ? readIdempotencyKey(request.headers['idempotency-key']) : undefined,
  lastEventId: contract.takesLastEventId === true ? textOf(request.headers['last-event-id']) : undefined,
});

const textOf = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' ? header : undefined);

/** An operation without a query or a body refuses one. */
const schemaOf = (contract: RouteContract): Record<string, unknown> => {
  const none = { type: 'object', additionalProperties: false };
  const answers = Object.entries(contract.responses).flatMap(([status, body]) => (body === null ? [] : [[status, body]]));
  return {
    querystring: contract.query ?? none,
    ...(contract.params === undefined ? {} : { params: contract.params }),
    ...(contract.body === undefined ? {} : { body: contract.body }),
    response: Object.fromEntries(answers),
  };
};
