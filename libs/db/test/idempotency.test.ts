import { randomUUID } from 'node:crypto';
import { countStatements, type FreshDatabase } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createIdempotency,
  idempotencyClaimFragment,
  requestHash,
  row,
  sql,
  type IdempotentRequest,
  type SharedDatabase,
} from '../src/index.ts';
import { openReady, shopDatabase } from './fixtures.ts';

let fresh: FreshDatabase;
let database: SharedDatabase;

beforeAll(async () => {
  fresh = await shopDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  database = await openReady(fresh.url);
});

const Label = row(Type.Object({ label: Type.String() }));
const newRequest = (body: unknown = { label: 'apple' }): IdempotentRequest => ({
  key: randomUUID(),
  principalId: 'ada',
  requestHash: requestHash({ method: 'POST', path: '/v1/goods', body }),
});
const labelsLike = (label: string) =>
  database.connection.any(sql.type(Label)`SELECT label FROM shop.goods WHERE label LIKE ${`${label}%`}`);

const create = (request: IdempotentRequest, label: string) =>
  database.inTransaction((tx) =>
    createIdempotency(tx, 'shop').answerOnce(request, async () => {
      await tx.query(sql.unsafe`INSERT INTO shop.goods (label) VALUES (${label})`);
      return { status: 201, body: { label } };
    }),
  );

const createInOne = async (request: IdempotentRequest, label: string, isAllowed = true) => {
  const answer = { status: 201, body: { label } };
  const claimed = idempotencyClaimFragment('shop', request, answer, sql.fragment`${isAllowed}::bool`);
  const saved = await database.connection.maybeOne(sql.type(Label)`
    WITH claimed AS (${claimed}),
         saved AS (INSERT INTO shop.goods (label) SELECT ${label}::text WHERE EXISTS (SELECT 1 FROM claimed) RETURNING label)
    SELECT label FROM saved`);
  return saved === null ? createIdempotency(database.connection, 'shop').find(request) : answer;
};

const expire = () =>
  database.connection.query(sql.unsafe`UPDATE shop.idempotency_keys SET expires_at = now() - interval '1 second'`);

const hash = (body: unknown, path = '/v1/goods') => requestHash({ method: 'POST', path, body });

describe('answerOnce', () => {
  test('makes the change once and gives the first answer to every repetition', async () => {
    const request = newRequest();
    const label = randomUUID();
    expect(await create(request, label)).toEqual({ status: 201, body: { label }, isRepeated: false });
    expect(await create(request, `${label}-again`)).toEqual({ status: 201, body: { label }, isRepeated: true });
    expect(await labelsLike(label)).toEqual([{ label }]);
  });

  test('refuses the key for another request with UNPROCESSABLE', async () => {
    const request = newRequest();
    await create(request, randomUUID());
    const other = { ...request, requestHash: newRequest({ label: 'pear' }).requestHash };
    await expect(create(other, randomUUID())).rejects.toMatchObject({ code: 'UNPROCESSABLE', status: 422 });
  });

  test('keeps the keys of two callers apart', async () => {
    const request = newRequest();
    await create(request, randomUUID());
    expect(await create({ ...request, principalId: 'grace' }, randomUUID())).toMatchObject({ isRepeated: false });
  });

  test('of twenty at once exactly one makes the change, and all get its answer', async () => {
    const request = newRequest();
    const label = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => create(request, `${label}-${n}`)));
    expect(answers.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await labelsLike(label)).toHaveLength(1);
  });

  test('keeps no key of a change that failed', async () => {
    const request = newRequest();
    const failing = database.inTransaction((tx) =>
      createIdempotency(tx, 'shop').answerOnce(request, async () => {
        throw new Error('no');
      }),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await create(request, randomUUID())).toMatchObject({ isRepeated: false });
  });
});

describe('the key claimed in the statement of the change', () => {
  test('is one statement for the first request and two for a repetition', async () => {
    const request = newRequest();
    const label = randomUUID();
    const first = await countStatements(() => createInOne(request, label));
    const second = await countStatements(() => createInOne(request, `${label}-again`));
    expect([first.result, first.statements.length]).toEqual([{ status: 201, body: { label } }, 1]);
    expect([second.result, second.statements.length]).toEqual([{ status: 201, body: { label } }, 2]);
    expect(await labelsLike(label)).toEqual([{ label }]);
  });

  test('of twenty at once exactly one makes the change, and all get its answer', async () => {
    const request = newRequest();
    const label = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => createInOne(request, `${label}-${n}`)));
    const kept = await labelsLike(label);
    expect(kept).toHaveLength(1);
    expect(answers).toEqual(answers.map(() => ({ status: 201, body: kept[0] })));
  });

  test('is not kept when its condition does not hold', async () => {
    const request = newRequest();
    expect(await createInOne(request, randomUUID(), false)).toBeNull();
    expect(await createInOne(request, randomUUID())).toMatchObject({ status: 201 });
  });
});

describe('expired keys', () => {
  test('are free again', async () => {
    const request = newRequest();
    await create(request, randomUUID());
    await expire();
    expect(await createIdempotency(database.connection, 'shop').find(request)).toBeNull();
    expect(await create(request, randomUUID())).toMatchObject({ isRepeated: false });
  });

  test('are removed in batches', async () => {
    await database.connection.query(sql.unsafe`DELETE FROM shop.idempotency_keys`);
    for (let n = 0; n < 5; n += 1) await create(newRequest(), randomUUID());
    await expire();
    await create(newRequest(), randomUUID());
    const keys = createIdempotency(database.connection, 'shop');
    expect([await keys.purgeExpired(3), await keys.purgeExpired(3), await keys.purgeExpired(3)]).toEqual([3, 2, 0]);
  });
});

test('requestHash does not depend on the order of fields, and does on everything else', () => {
  expect(hash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hash({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(
    new Set([hash({ a: 1 }), hash({ a: '1' }), hash({ a: [1] }), hash([['a', 1]]), hash({ a: 1 }, '/v1/others'), hash(undefined)])
      .size,
  ).toBe(6);
});
