import { Readable } from 'node:stream';
import { AppError } from '@guildhall/errors';
import { bodyBytesMaxOf, type AccessRule, type InternalAccessRule, type RouteContract } from '@guildhall/contracts';
import type { Principal, SignedClient } from '@guildhall/principal';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Handler } from './call.ts';
import { jsonReaderOf } from './json-body.ts';
import { isOfferable, offeredIn, type Identified } from './offered-operations.ts';
import {
  createOperation,
  type Operation,
  type OperationAnswer,
  type OperationOptions,
  type OperationRequest,
} from './operation.ts';
import { responseHeadOf } from './response-head.ts';
import { fetchSiteHeader } from './session-cookie.ts';
import { omitUndefined } from '@guildhall/resources';

export interface ServeOptions<Caller> extends OperationOptions {
  readonly access: AccessRule;
  readonly callerOf: (request: FastifyRequest) => Caller;
  /** Reads the caller from what a transport establishes alone. With it the operation is offered on the lane, too. */
  readonly callerOfIdentified?: (identified: Identified) => Caller;
  readonly onRequest?: onRequestAsyncHookHandler[];
}

/** Registers one operation with HTTP as its transport: one request is one call, and its answer is sent with status, ETag and body. */
export const serveContract = <C extends RouteContract, Caller>(
  app: FastifyInstance,
  contract: C,
  options: ServeOptions<Caller>,
  handler: Handler<C, Caller>,
): void => {
  const operation = createOperation(contract, options.access, handler, options);
  offer(app, operation, options);
  app.route({
    method: contract.method,
    url: contract.path,
    schema: { response: answerSchemasOf(contract) },
    config: {
      access: operation.access,
      carriesSecrets: contract.carriesSecrets === true,
      hasTextInBytes: contract.hasTextInBytes === true,
    },
    bodyLimit: bodyBytesMaxOf(contract),
    ...omitUndefined({ onRequest: options.onRequest }),
    handler: async (request, reply) => {
      // Before anything may be refused: a page must be able to read the refusal, too.
      if (contract.isOpenToPages === true) void reply.header('access-control-allow-origin', '*');
      return sendAnswer(contract, request, reply, await operation.perform(operationRequestOf(request, options)));
    },
  });
};

/** Fastify writes the JSON of each status by its schema. */
const answerSchemasOf = ({ responses }: RouteContract): Record<string, unknown> =>
  Object.fromEntries(Object.entries(responses).filter(([, body]) => body !== null));

const operationRequestOf = <Caller>(request: FastifyRequest, { callerOf }: ServeOptions<Caller>): OperationRequest<Caller> => ({
  params: request.params,
  query: request.query,
  body: request.body,
  caller: callerOf(request),
  requestId: request.id,
  callingService: request.callingService ?? null,
  ifMatch: request.headers['if-match'],
  idempotencyKey: request.headers['idempotency-key'],
  lastEventId: textOf(request.headers['last-event-id']),
  cookie: request.headers.cookie,
  fetchSite: textOf(request.headers[fetchSiteHeader]),
});

const sendAnswer = (
  contract: RouteContract,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: OperationAnswer,
): FastifyReply => {
  const { method, params, headers } = request;
  const head = responseHeadOf(contract, { method, params, ifNoneMatch: headers['if-none-match'] }, answer);
  void reply.code(head.status).headers(head.headers);
  return head.status === 304 ? reply.send() : reply.send(answer.jsonText ?? sendable(request, answer.body));
};

/** Offers the operation beside HTTP where the server collects such operations, and callers are known without it. */
const offer = <Caller>(
  app: FastifyInstance,
  { contract, access, perform }: Operation<Caller>,
  { callerOfIdentified, onRequest }: ServeOptions<Caller>,
): void => {
  const isNamed = access.kind === 'principal' || access.kind === 'anonymous';
  if (callerOfIdentified === undefined || onRequest !== undefined || !isNamed || !isOfferable(contract)) return;
  const readBody = jsonReaderOf(app);
  offeredIn(app)?.byName.set(contract.name, {
    contract,
    access: access.kind,
    perform: async ({ params, query, bodyText, identified, requestId, headers }) =>
      perform({
        params,
        query,
        body: bodyText === null ? undefined : readBody(bodyText),
        caller: callerOfIdentified(identified),
        requestId,
        callingService: null,
        ifMatch: headers['if-match'],
        idempotencyKey: headers['idempotency-key'],
        lastEventId: undefined,
        cookie: undefined,
        fetchSite: undefined,
      }),
  });
};

/** Fastify answers HEAD on a web stream with the headers alone, without a length, and cancels the stream before it begins. */
const sendable = ({ method }: FastifyRequest, body: unknown): unknown =>
  body instanceof ReadableStream && method !== 'HEAD' ? Readable.fromWeb(body) : body;

/** A client without a session, as the gateway forwards its request. */
export interface AnonymousClient extends SignedClient {
  readonly userAgent: string | undefined;
}

/** The caller that a handler sees, by the access rule of its route. A calling service is named by `callingService`. */
export type CallerBy<Access extends InternalAccessRule['kind']> = Access extends 'principal'
  ? Principal
  : Access extends 'anonymous'
    ? AnonymousClient
    : null;

/** Registers one operation of a service behind the gateway. */
export const serve = <C extends RouteContract, Access extends InternalAccessRule['kind']>(
  app: FastifyInstance,
  contract: C,
  access: Access,
  handler: Handler<C, CallerBy<Access>>,
): void => {
  const callerOf = callerReaders[access] as (identified: Identified) => CallerBy<Access>;
  const options = { access: { kind: access }, callerOf, callerOfIdentified: callerOf, takesAnyText: access === 'service' };
  serveContract(app, contract, options, handler);
};

const principalOf = ({ principal }: Identified): Principal => {
  if (principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return principal;
};

const anonymousClientOf = ({ signedClient, headers }: Identified): AnonymousClient => {
  if (signedClient === null) throw new AppError('UNAUTHENTICATED', 'This address is for the gateway of this installation only.');
  return { ...signedClient, userAgent: headers['user-agent'] };
};

const callerReaders: { readonly [Access in InternalAccessRule['kind']]: (identified: Identified) => CallerBy<Access> } = {
  principal: principalOf,
  anonymous: anonymousClientOf,
  public: () => null,
  gateway: () => null,
  metrics: () => null,
  service: () => null,
};

const textOf = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' ? header : undefined);
