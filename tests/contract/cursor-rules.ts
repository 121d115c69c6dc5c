import type { PublicContract } from '@guildhall/contracts';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createTarget,
  exampleRequest,
  otherExampleBody,
  pathToNothing,
  sendAs,
  withQuery,
  type Started,
} from './route-client.ts';

const encodeCursor = (values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(values.map(String))).toString('base64url');

/** Positions as lists have them: by time and id, by version, by name. A position alone is the cursor of no list. */
const positions = [
  encodeCursor(['2026-01-31T08:30:00.000Z', randomUUID()]),
  encodeCursor(['2026-01-31T08:30:00.000Z', 'a-user']),
  encodeCursor([7]),
  encodeCursor(['name']),
];

/** A filter of a list, or its order: the first field of its query that the first page was read without. */
const filterOf = ({ query }: PublicContract): readonly [name: string, value: string] | undefined => {
  const [name, schema] =
    Object.entries(query?.properties ?? {}).find(
      ([each, field]) =>
        each !== 'limit' &&
        each !== 'cursor' &&
        query?.required?.includes(each) !== true &&
        ('examples' in field || 'enum' in field),
    ) ?? [];
  if (name === undefined) return undefined;
  const { examples, enum: values } = schema as { readonly examples?: readonly unknown[]; readonly enum?: readonly unknown[] };
  return [name, String(values?.at(-1) ?? examples?.[0])];
};

const refusal = {
  status: 400,
  body: { code: 'INVALID', errors: [{ path: '/cursor', message: 'is not a cursor of this list with these filters' }] },
};

/** The contract suite of cursors: one belongs to a list, its path and its filters, and every list refuses those of the others. */
export const cursorRules = (contracts: readonly PublicContract[], started: () => Started): void => {
  const lists = contracts.filter(({ query }) => query !== undefined && 'cursor' in query.properties);
  const named = lists.map((contract) => [contract.name, contract] as const);

  test.each(named)('%s takes a bare position for no cursor of its own', async (_name, contract) => {
    const { service, caller } = started();
    const { path } = exampleRequest(contract, pathToNothing(contract));
    for (const position of positions)
      expect(await sendAs(service, caller, contract, { path: withQuery(path, 'cursor', position) })).toMatchObject(refusal);
  });

  const withCursor: string[] = [];
  test.each(named)(
    '%s leads on by its cursor, which is refused by other lists, at another path and with another filter',
    async (_name, contract) => {
      const { service } = started();
      const caller = await service.newCaller();
      const { path, cursor } = await firstPage(contract, contracts, { service, caller });
      if (cursor === null) return;
      withCursor.push(contract.name);
      const next = await sendAs(service, caller, contract, { path: withQuery(path, 'cursor', cursor) });
      expect(next.status).toBe(200);
      for (const [list, other] of othersOf(contract, lists, path)) {
        const { status, body } = await sendAs(service, caller, list, { path: withQuery(other, 'cursor', cursor) });
        expect({ at: other, status, body }).toMatchObject({ at: other, ...refusal });
      }
    },
  );

  test('some lists had more than one page', () => {
    expect(withCursor).not.toEqual([]);
  });
};

/** Reads the first page, of one item, of a list to which its example was added twice. Returns its path and its next cursor. */
const firstPage = async (contract: PublicContract, contracts: readonly PublicContract[], { service, caller }: Started) => {
  const { path } = await createTarget(service, caller, contracts, contract);
  const creation = contracts.find((each) => each.method === 'POST' && each.path === contract.path);
  if (creation !== undefined) {
    const request = exampleRequest(creation, path);
    for (const body of [request.body, otherExampleBody(creation)]) await sendAs(service, caller, creation, { ...request, body });
  }
  const request = exampleRequest(contract, path);
  const { status, body } = await sendAs(service, caller, contract, { path: withQuery(request.path, 'limit', '1') });
  expect([contract.name, status]).toEqual([contract.name, 200]);
  return { path: request.path, cursor: (body as { readonly nextCursor: string | null }).nextCursor };
};

/** The other lists that get a cursor: as many for each list, so that the requests grow with the lists and not with their square. */
const neighboursMax = 3;

/** The lists that follow this one in a ring, the same list of another resource, and the same with a filter. */
const othersOf = (contract: PublicContract, lists: readonly PublicContract[], path: string) => {
  const filter = filterOf(contract);
  const at = lists.indexOf(contract);
  const ring = [...lists.slice(at + 1), ...lists.slice(0, at)].slice(0, neighboursMax);
  return [
    ...[contract, ...ring]
      .map((list) => [list, exampleRequest(list, pathToNothing(list)).path] as const)
      .filter(([, other]) => other !== path),
    ...(filter === undefined ? [] : [[contract, withQuery(path, ...filter)] as const]),
  ];
};
