import { errorsOf, Problem, type PublicContract } from '@guildhall/contracts';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PublicRoute } from '../../services/gateway/src/route-table.ts';
import { cursorRules } from './cursor-rules.ts';
import { everyFault } from './every-fault.ts';
import { httpRules } from './http-rules.ts';
import { inputRules } from './input-rules.ts';
import {
  type Caller,
  createTarget,
  exampleRequest,
  otherExampleBody,
  pathToNothing,
  send,
  sendAs,
  type RouteAnswer,
  type RoutedService,
  type Started,
  versionAt,
} from './route-client.ts';

const problemCheck = Compile(Problem);

/** Status and code of a problem, whose shape is checked whole; status and undefined of another answer. */
const codeOf = ({ status, body, headers }: RouteAnswer): readonly [number, string | undefined] => {
  if (headers.get('content-type')?.startsWith('application/problem+json') !== true) return [status, undefined];
  expect([...problemCheck.Errors(body)]).toEqual([]);
  const { status: named, code } = body as Problem;
  expect(named).toBe(status);
  return [status, code];
};

/** Finds the parts of an answer that its contract does not declare. */
const faultsOf = ({ contract, access, requiresSharedDb }: PublicRoute, answer: RouteAnswer): readonly unknown[] => {
  const [status, code] = codeOf(answer);
  const scope = { scope: access.kind, isShared: requiresSharedDb !== null };
  if (code !== undefined) return [...errorsOf(contract, scope)].some((each) => each === code) ? [] : [code];
  const schema = contract.responses[status];
  if (schema === undefined) return [status];
  const media = answer.headers.get('content-type')?.split(';')[0] ?? '';
  return [
    ...(contract.media === undefined || contract.media.includes(media) ? [] : [media]),
    ...(schema === null && answer.body !== undefined ? [answer.body] : []),
    ...(schema === null || contract.media !== undefined ? [] : Compile(schema).Errors(answer.body)),
    ...(access.kind === 'public' || answer.headers.get('cache-control') === 'no-store' ? [] : ['Cache-Control']),
    ...(/^"\d+(-(gzip|br))?"$/.test(answer.headers.get('etag') ?? '') === (contract.answersVersion === true) ? [] : ['ETag']),
  ];
};

const hasUuid = ({ path }: PublicContract): boolean => /:(?!userId)\w+Id/.test(path);

/** Starts a service; states what is expected of it beyond its contracts. */
export interface EveryRouteOptions {
  readonly name: string;
  readonly routes: readonly PublicRoute[];
  readonly start: (database: 'ready' | 'away' | 'none') => Promise<RoutedService>;
  /** The routes whose example alone is refused, with the code: it names a secret, or a state that nothing has yet. */
  readonly refused: Readonly<Record<string, string>>;
  /** The routes that answer whoever reaches the service, past the gateway, too. */
  readonly open?: readonly string[];
  /** The routes that tell of settings alone: they answer without a database. */
  readonly withoutDatabase?: readonly string[];
}

type NamedRoute = readonly [name: string, route: PublicRoute];

const namedOf = (routes: readonly PublicRoute[]): readonly NamedRoute[] => routes.map((route) => [route.contract.name, route]);

/**
 * The refusals of every route: callers without a principal, parts that its contract does not know, and changes of an unknown
 * version.
 */
const refusals = (named: readonly NamedRoute[], open: readonly string[], started: () => Started): void => {
  const guarded = named.filter(([name]) => !open.includes(name));

  test.each(guarded)('%s answers 401 past the gateway', async (_name, { contract }) => {
    const { service } = started();
    const answer = await send(service.url, contract, exampleRequest(contract, pathToNothing(contract)));
    expect(codeOf(answer)).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Guildhall"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each(named)('%s refuses a query, an id and a field that its contract does not know', async (_name, { contract }) => {
    const { service, caller } = started();
    const request = exampleRequest(contract, pathToNothing(contract));
    const query = `${request.path}${request.path.includes('?') ? '&' : '?'}colour=red`;
    const wrong = [
      { ...request, path: query },
      ...(hasUuid(contract) ? [exampleRequest(contract, pathToNothing(contract, 'not-an-id'))] : []),
      ...(contract.body === undefined ? [] : [{ ...request, body: { ...(request.body as object), colour: 'red' } }]),
    ];
    for (const each of wrong) expect(codeOf(await sendAs(service, caller, contract, each))).toEqual([400, 'INVALID']);
  });

  test.each(named)('%s wants to know the version that is changed, where it changes one', async (_name, { contract }) => {
    const { service, caller } = started();
    const { path, body } = exampleRequest(contract, pathToNothing(contract));
    const answer = await sendAs(service, caller, contract, { path, body });
    expect(answer.status === 428).toBe(contract.isVersioned === true);
  });
};

/**
 * The answers of every route: those that its contract declares, for its own example too, and one create per Idempotency-Key.
 */
const answers = (named: readonly NamedRoute[], refused: EveryRouteOptions['refused'], started: () => Started): void => {
  const contracts = named.map(([, { contract }]) => contract);
  const creations = named.filter(([, { contract }]) => contract.isIdempotentCreate === true);

  test.each(named)('%s answers what its contract says, also for what is not there', async (_name, route) => {
    const { service, caller } = started();
    const { contract } = route;
    const answer = await sendAs(service, caller, contract, exampleRequest(contract, pathToNothing(contract)));
    expect(faultsOf(route, answer)).toEqual([]);
  });

  test.each(named)('%s takes its own example', async (_name, route) => {
    const { service } = started();
    const { contract } = route;
    const own = await service.newCaller();
    const { path } = await createTarget(service, own, contracts, contract);
    // Only where one is changed: an export that was just asked for, and not read, may still hold the user's only slot.
    const version = contract.isVersioned === true ? await versionAt(service, own, contracts, contract, path) : undefined;
    const answer = await sendAs(service, own, contract, exampleRequest(contract, path, version));
    expect(codeOf(answer)[1]).toBe(refused[contract.name]);
    expect(faultsOf(route, answer)).toEqual([]);
  });

  test.each(creations)('%s creates once per Idempotency-Key', async (_name, { contract }) => {
    const { service, caller } = started();
    const { path } = await createTarget(service, caller, contracts, contract);
    const request = exampleRequest(contract, path);
    const keyed = { ...request, headers: { ...request.headers, 'idempotency-key': `key-of-${contract.name}` } };
    const [first, second] = [await sendAs(service, caller, contract, keyed), await sendAs(service, caller, contract, keyed)];
    expect(first.status).toBe(201);
    expect({ status: second.status, body: second.body }).toEqual({ status: first.status, body: first.body });
    const other = { ...keyed, body: otherExampleBody(contract) };
    expect(codeOf(await sendAs(service, caller, contract, other))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
};

/**
 * The contract suite of every public route that the gateway's table sends to a service. A noun joins by its line in that table
 * and by the examples of its contracts.
 */
export const everyRoute = ({ name, routes, start, refused, open = [], withoutDatabase = [] }: EveryRouteOptions): void => {
  const named = namedOf(routes);

  describe(`every route of ${name}:`, () => {
    let service: RoutedService;
    let caller: Caller;
    beforeAll(async () => {
      service = await start('ready');
      caller = await service.newCaller();
    });
    afterAll(() => service.close());
    const started = (): Started => ({ service, caller });

    refusals(named, open, started);
    answers(named, refused, started);
    const contracts = routes.map(({ contract }) => contract);
    httpRules(contracts, started);
    inputRules(contracts, started);
    everyFault(contracts, started);
    cursorRules(contracts, started);
  });

  describe.each([
    ['away', 'SHARED_DB_UNAVAILABLE'],
    ['none', 'NOT_CONFIGURED'],
  ] as const)(`every route of ${name}, with the database %s,`, (database, code) => {
    let service: RoutedService;
    let caller: Caller;
    beforeAll(async () => {
      service = await start(database);
      caller = await service.newCaller();
    });
    afterAll(() => service.close());

    const reading = named.filter(([route]) => !withoutDatabase.includes(route));
    test.each(reading)(`%s answers 503 ${code} at once`, async (_name, { contract }) => {
      const answer = await sendAs(service, caller, contract, exampleRequest(contract, pathToNothing(contract)));
      expect(codeOf(answer)).toEqual([503, code]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });
};
