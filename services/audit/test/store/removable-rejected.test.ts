import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRejectedEvents } from '../../src/store/rejected-events.ts';
import { createRemovableRejected } from '../../src/store/retention.ts';
import { useLogDatabase } from '../contract/log-database.ts';

const database = useLogDatabase();

const keep = async (text: string, at: string): Promise<string> => {
  const id = randomUUID();
  await createRejectedEvents(database.connection).keep({ id, raw: { text }, reason: 'It is planted.', at });
  return id;
};

test('rejected events before a time are counted and removed, oldest first, as many as are asked for', async () => {
  const rejected = createRemovableRejected(database.connection);
  await keep('a', '2020-01-01T00:00:00.000Z');
  const second = await keep('b', '2020-01-02T00:00:00.000Z');
  const young = await keep('c', '2021-01-01T00:00:00.000Z');
  expect(await rejected.countExpired('2020-06-01T00:00:00.000Z', 10)).toBe(2);
  expect(await rejected.removeExpired('2020-06-01T00:00:00.000Z', 1)).toBe(1);
  expect((await rejected.findAll([second, young])).map(({ id }) => id).toSorted()).toEqual([second, young].toSorted());
  expect(await rejected.removeExpired('2020-06-01T00:00:00.000Z', 10)).toBe(1);
  expect((await rejected.findAll([second, young])).map(({ id }) => id)).toEqual([young]);
});

test('a search goes on behind the last one that was found', async () => {
  const rejected = createRemovableRejected(database.connection);
  const text = `needle ${randomUUID()}`;
  const ids = [];
  for (let count = 0; count < 3; count += 1) ids.push(await keep(text, '2022-01-01T00:00:00.000Z'));
  const [first, ...rest] = ids.toSorted();
  if (first === undefined) throw new Error('Nothing was kept.');
  expect((await rejected.search([text], null, 1)).map(({ id }) => id)).toEqual([first]);
  expect((await rejected.search([text], first, 10)).map(({ id }) => id)).toEqual(rest);
});
