import { Readable } from 'node:stream';
import { AppError } from '@guildhall/errors';
import { bodyBytesMaxOf, type AccessRule, type InternalAccessRule, type RouteContract } from '@guildhall/contracts';
import type { Principal, SignedClient } from '@guildhall/principal';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Handler } from './call.ts';
import { createOperation, type OperationAnswer, type OperationOptions, type OperationRequest } from './operation.ts';
import { representationHeadersOf } from './representation.ts';
import { isNotModified, versionTag } from './preconditions.ts';
import { fetchSiteHeader, setCookieField } from './session-cookie.ts';
import { omitUndefined } from '@guildhall/resources';

export interface ServeOptions<Caller> extends OperationOptions {
  readonly access: AccessRule;
  readonly callerOf: (request: FastifyRequest) => Caller;
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
  if (typeof answer.version === 'number') void reply.header('etag', versionTag(answer.version));
  if (contract.changesBetweenVersions !== true && isCurrent(request, answer.version)) return reply.code(304).send();
  if (answer.createdId !== undefined) void reply.header('location', locationOf(contract, request.params, answer.createdId));
  if (answer.sessionCookie !== undefined) void reply.header('set-cookie', setCookieField(answer.sessionCookie));
  if (answer.jsonText !== undefined) void reply.type('application/json; charset=utf-8');
  void reply.headers(representationHeadersOf(contract, answer));
  return reply.code(answer.status).send(answer.jsonText ?? sendable(request, answer.body));
};

/** Whether a read is conditional on a change, and nothing has changed. */
const isCurrent = ({ method, headers }: FastifyRequest, version: OperationAnswer['version']): boolean =>
  typeof version === 'number' && (method === 'GET' || method === 'HEAD') && isNotModified(headers['if-none-match'], version);

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
  const callerOf = callerReaders[access] as (request: FastifyRequest) => CallerBy<Access>;
  serveContract(app, contract, { access: { kind: access }, callerOf, takesAnyText: access === 'service' }, handler);
};

const principalOf = (request: FastifyRequest): Principal => {
  if (request.principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return request.principal;
};

const anonymousClientOf = ({ signedClient, headers }: FastifyRequest): AnonymousClient => {
  if (signedClient === null) throw new AppError('UNAUTHENTICATED', 'This address is for the gateway of this installation only.');
  return { ...signedClient, userAgent: headers['user-agent'] };
};

const callerReaders: { readonly [Access in InternalAccessRule['kind']]: (request: FastifyRequest) => CallerBy<Access> } = {
  principal: principalOf,
  anonymous: anonymousClientOf,
  public: () => null,
  gateway: () => null,
  metrics: () => null,
  service: () => null,
};

const textOf = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' ? header : undefined);
