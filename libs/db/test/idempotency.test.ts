import { randomUUID } from 'node:crypto';
import { countStatements, type FreshDatabase } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createIdempotency,
  idempotencyClaimFragment,
  uncheckedRow,
  sql,
  type IdempotentRequest,
  type SharedDatabase,
} from '../src/index.ts';
import { openUnclosed, shopDatabase, untilStatus } from './fixtures.ts';

let fresh: FreshDatabase;
let database: SharedDatabase;

beforeAll(async () => {
  fresh = await shopDatabase();
  database = openUnclosed(fresh.url);
  await untilStatus(database, 'ready');
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const Label = uncheckedRow({ label: Type.String() });
const newRequest = (): IdempotentRequest => ({ key: randomUUID(), principalId: 'ada', requestHash: 'a digest' });
const labelsLike = (label: string) =>
  database.connection.any(sql.type(Label)`SELECT label FROM shop.goods WHERE label LIKE ${`${label}%`}`);

const Stored = uncheckedRow({ answer: Type.Unknown() });
const answerTo = async ({ principalId, key }: IdempotentRequest): Promise<unknown> => {
  const stored = await database.connection.maybeOne(sql.type(Stored)`
    SELECT answer FROM shop.idempotency_keys WHERE principal_id = ${principalId} AND key = ${key} AND expires_at > now()`);
  return stored?.answer ?? null;
};

const create = async (request: IdempotentRequest, label: string, isAllowed = true) => {
  const answer = { status: 201, body: { label } };
  const claimed = idempotencyClaimFragment('shop', request, answer, sql.fragment`${isAllowed}::bool`);
  const saved = await database.connection.maybeOne(sql.type(Label)`
    WITH claimed AS (${claimed}),
         saved AS (INSERT INTO shop.goods (label) SELECT ${label}::text WHERE EXISTS (SELECT 1 FROM claimed) RETURNING label)
    SELECT label FROM saved`);
  return saved === null ? await answerTo(request) : answer;
};

const expire = () =>
  database.connection.query(sql.unsafe`UPDATE shop.idempotency_keys SET expires_at = now() - interval '1 second'`);

describe('the key claimed in the statement of the change', () => {
  test('is one statement for the first request and two for a repetition', async () => {
    const request = newRequest();
    const label = randomUUID();
    const first = await countStatements(() => create(request, label));
    const second = await countStatements(() => create(request, `${label}-again`));
    expect([first.result, first.statements.length]).toEqual([{ status: 201, body: { label } }, 1]);
    expect([second.result, second.statements.length]).toEqual([{ status: 201, body: { label } }, 2]);
    expect(await labelsLike(label)).toEqual([{ label }]);
  });

  test('of twenty at once exactly one makes the change, and all get its answer', async () => {
    const request = newRequest();
    const label = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => create(request, `${label}-${n}`)));
    const kept = await labelsLike(label);
    expect(kept).toHaveLength(1);
    expect(answers).toEqual(answers.map(() => ({ status: 201, body: kept[0] })));
  });

  test('keeps the keys of two callers apart', async () => {
    const request = newRequest();
    const label = randomUUID();
    await create(request, `${label}-ada`);
    await create({ ...request, principalId: 'grace' }, `${label}-grace`);
    expect(await labelsLike(label)).toHaveLength(2);
  });

  test('is not kept when its condition does not hold', async () => {
    const request = newRequest();
    expect(await create(request, randomUUID(), false)).toBeNull();
    expect(await create(request, randomUUID())).toMatchObject({ status: 201 });
  });
});

describe('expired keys', () => {
  test('are free again', async () => {
    const request = newRequest();
    await create(request, randomUUID());
    await expire();
    const label = randomUUID();
    expect(await create(request, label)).toEqual({ status: 201, body: { label } });
    expect(await labelsLike(label)).toEqual([{ label }]);
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
