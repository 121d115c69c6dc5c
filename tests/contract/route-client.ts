import { randomUUID } from 'node:crypto';
import {
  communityPermissions,
  exampleBodyOf,
  exampleOf,
  exampleParamsOf,
  globalPermissions,
  type PublicContract,
} from '@guildhall/contracts';
import { exchange } from '@guildhall/testkit';
import type { ServiceClient } from '@guildhall/testkit/service';
import { Compile } from 'typebox/compile';

/** A user, as the gateway names them to a service. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

export interface RoutedService extends Pick<ServiceClient, 'asPrincipal' | 'asClient'> {
  readonly url: string;
  /** Its clock, where it is not the system's. */
  readonly now?: () => Date;
  /** Makes a user. */
  newCaller(): Promise<Caller>;
  /** Makes another owner of a community; only for a service that has some. */
  newOwner?(communityId: string): Promise<Caller>;
  close(): Promise<void>;
}

/** A started service, and a user who may do everything. */
export interface Started {
  readonly service: RoutedService;
  readonly caller: Caller;
}

export interface RouteRequest {
  readonly path: string;
  readonly body?: unknown;
  /** The bytes of the body, in place of a value. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; undefined for an empty body, and for another media type, which is not read to its end. */
  readonly body: unknown;
}

/** Sends a request past the gateway: without a principal, and without the address of a client. */
export const send = async (url: string, { method }: { readonly method: string }, request: RouteRequest): Promise<RouteAnswer> => {
  const { path, body, headers = {}, bytes } = request;
  const sent = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await exchange(url + path, {
    method,
    headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: sent,
    isRead: (received) => /^application\/(problem\+)?json/.test(received.get('content-type') ?? ''),
  });
  const { status, headers: received, text } = answer;
  return { status, headers: received, body: text === '' ? undefined : JSON.parse(text) };
};

/** Every permission: the global ones, and those in the community of the path, as the gateway finds them. */
const permissionsAt = (path: string): string[] => {
  const community = /^\/v1\/communities\/([^/?]+)/.exec(path)?.[1];
  const inCommunity = communityPermissions.map((permission) => `${permission}@${community ?? ''}`);
  return [...globalPermissions, ...(community === undefined ? [] : inCommunity)];
};

/** Sends a request as a user who may do everything, and to a route without a session as a client that the gateway passes on. */
export const sendAs = async (
  { url, asPrincipal, asClient }: RoutedService,
  caller: Caller,
  contract: PublicContract,
  request: RouteRequest,
): Promise<RouteAnswer> => {
  const principal = await asPrincipal({ ...caller, permissions: permissionsAt(request.path) });
  return send(url, contract, { ...request, headers: { ...principal, ...(await asClient()), ...request.headers } });
};

/** The path with a value for each of its parameters, and for its rest (`*`). */
const pathWith = (path: string, valueOf: (parameter: string) => string): string =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(valueOf(name))).replace(/\*$/, () => valueOf('*'));

/** A path with one more parameter in its query. */
export const withQuery = (path: string, name: string, value: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

/** The fields of a query without which it is refused, by their examples. */
const neededQuery = ({ query }: PublicContract): string => {
  const needed = Object.entries(query?.properties ?? {}).filter(([name]) => query?.required?.includes(name) === true);
  const text = new URLSearchParams(needed.map(([name, schema]) => [name, String(exampleOf(schema))])).toString();
  return text === '' ? '' : `?${text}`;
};

/** The request that the contract's own examples make, at a path; of a version where it changes one. */
export const exampleRequest = (contract: PublicContract, path: string, version = '"1"'): RouteRequest => ({
  path: path + neededQuery(contract),
  body: exampleBodyOf(contract),
  headers: contract.isVersioned === true ? { 'if-match': version } : {},
});

/** The version of what is at a path, by the operation that reads it; 1 where none does. */
export const versionAt = async (
  service: RoutedService,
  caller: Caller,
  routes: readonly PublicContract[],
  { path: pattern }: PublicContract,
  path: string,
): Promise<string> => {
  const reading = routes.find((contract) => contract.method === 'GET' && contract.path === pattern);
  const found = reading === undefined ? undefined : await sendAs(service, caller, reading, exampleRequest(reading, path));
  return found?.headers.get('etag') ?? '"1"';
};

/** Another body that the contract takes too: one text of its example is longer. The example itself where none may be. */
export const otherExampleBody = (contract: PublicContract): unknown => {
  const body = exampleBodyOf(contract) as Readonly<Record<string, unknown>>;
  const check = Compile(contract.body ?? {});
  const longer = Object.entries(body)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ({ ...body, [name]: `${String(value)}x` }));
  return longer.find((other) => check.Check(other)) ?? body;
};

const isUuid = (parameter: string): boolean => parameter.endsWith('Id') && parameter !== 'userId';

/** A path on which every id names nothing. */
export const pathToNothing = (contract: PublicContract, id: string = randomUUID()): string => {
  const examples = exampleParamsOf(contract);
  return pathWith(contract.path, (name) => (isUuid(name) ? id : String(examples[name])));
};

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The operation that creates what a parameter names: the POST to the list before it, or to a list of that name. */
const creationOf = (
  parameter: string,
  { path }: PublicContract,
  routes: readonly PublicContract[],
): PublicContract | undefined => {
  const imported = importedBy[parameter];
  if (imported !== undefined) return routes.find(({ name }) => name === imported.operation);
  const [home = ''] = path.split(`/:${parameter}`);
  const creations = routes.filter(({ method, responses }) => method === 'POST' && '201' in responses);
  return (
    creations.find((creation) => creation.path === home) ??
    creations.find((creation) => lastSegment(creation.path) === lastSegment(home))
  );
};

/** The operations that create what a parameter names in another way than by answering 201, and its id in their answer. */
const importedBy: Readonly<Record<string, { readonly operation: string; readonly idOf: (body: unknown) => string }>> = {
  documentId: {
    operation: 'importControlM',
    idOf: (body) => (body as { readonly documents: readonly { readonly documentId: string }[] }).documents[0]?.documentId ?? '',
  },
};

/** The creations by another member than the caller: nobody requests the wealth that they offer themselves. */
const createdByAnother: ReadonlySet<string> = new Set(['createWealth']);

const creatorOf = async (
  { newOwner }: RoutedService,
  caller: Caller,
  creation: PublicContract,
  communityId: string | undefined,
): Promise<Caller> =>
  newOwner !== undefined && communityId !== undefined && createdByAnother.has(creation.name) ? newOwner(communityId) : caller;

/** The changes by another member that come before an operation: a dispute is about a request that was accepted. */
const changesBefore: Readonly<Record<string, { readonly operation: string; readonly body: unknown }>> = {
  openDispute: { operation: 'updateWealthRequest', body: { status: 'accepted' } },
};

/** Makes the change that an operation needs first, at what the parameters name. */
const prepareTarget = async (
  service: RoutedService,
  routes: readonly PublicContract[],
  { name }: PublicContract,
  parameters: ReadonlyMap<string, string>,
): Promise<void> => {
  const change = changesBefore[name];
  const contract = routes.find((route) => route.name === change?.operation);
  const communityId = parameters.get('communityId');
  if (change === undefined || contract === undefined || communityId === undefined || service.newOwner === undefined) return;
  const path = pathWith(contract.path, (parameter) => parameters.get(parameter) ?? '');
  const request = { ...exampleRequest(contract, path), body: change.body };
  const { status } = await sendAs(service, await service.newOwner(communityId), contract, request);
  if (status !== 200) throw new Error(`${contract.name} answered ${status} before ${name}.`);
};

/** The target of a request: its path, and the values of the path's parameters. */
export interface Target {
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Creates what the parameters of a path name, each by the example of the operation that creates it, unless `known` has it;
 * what `createdByAnother` names, by another owner of the community. A user and a session are the caller's own; a parameter that no operation creates has the value of its example.
 */
export const createTarget = async (
  service: RoutedService,
  caller: Caller,
  routes: readonly PublicContract[],
  contract: PublicContract,
  known: ReadonlyMap<string, string> = new Map(),
): Promise<Target> => {
  const parameters = await createParameters(service, caller, routes, contract, known);
  return { path: pathWith(contract.path, (name) => parameters.get(name) ?? ''), parameters };
};

/** The id of what was created: the end of its `Location`, where the contract has one. */
const createdIdOf = ({ location }: PublicContract, body: unknown, headers: Headers): string =>
  location === undefined ? (body as { readonly id: string }).id : decodeURIComponent(lastSegment(headers.get('location') ?? ''));

const createParameters = async (
  service: RoutedService,
  caller: Caller,
  routes: readonly PublicContract[],
  contract: PublicContract,
  earlier: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> => {
  const known = new Map([['userId', caller.userId], ['sessionId', caller.sessionId], ['version', '1'], ...earlier]);
  const examples = exampleParamsOf(contract);
  for (const [, name = '*'] of contract.path.matchAll(/:(\w+)|\*$/g)) {
    if (known.has(name)) continue;
    const creation = creationOf(name, contract, routes);
    if (creation === undefined) {
      known.set(name, String(examples[name]));
      continue;
    }
    const above = await createParameters(service, caller, routes, creation, known);
    const path = pathWith(creation.path, (parameter) => above.get(parameter) ?? '');
    const creator = await creatorOf(service, caller, creation, above.get('communityId'));
    const { status, body, headers } = await sendAs(service, creator, creation, exampleRequest(creation, path));
    if (status > 201) throw new Error(`${creation.name} answered ${status} to its example: ${JSON.stringify(body)}`);
    known.set(name, importedBy[name]?.idOf(body) ?? createdIdOf(creation, body, headers));
  }
  await prepareTarget(service, routes, contract, known);
  return known;
};
