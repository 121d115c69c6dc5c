import { AppError } from '@guildhall/errors';
import { freshDatabase } from '@guildhall/testkit';
import { Type } from 'typebox';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gather, onGatherFailed, sql, sqlStateOf, uncheckedRow, type GatherLimits, type GatherParts } from '../src/index.ts';
import { blockAfter } from './blocked.ts';
import { openReady, openShared } from './fixtures.ts';

interface Row {
  readonly text: string;
}
const rowOf = (ask: string): Row => ({ text: `row of ${ask}` });
const refused = new AppError('SERVICE_UNAVAILABLE', 'Too many requests wait for the shared database.', { retryAfterSeconds: 1 });

/** Reads that are answered when the test says so, and the asks of each statement. */
const startGathering = (limits?: GatherLimits, parts: Partial<GatherParts<string, Row>> = {}) => {
  const sent: (readonly string[])[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const statement = async (asks: readonly string[]): Promise<void> => {
    sent.push(asks);
    const answered = Promise.withResolvers<void>();
    waiting.push(answered);
    await answered.promise;
  };
  const read = gather<string, Row>(
    {
      one: async (ask) => {
        await statement([ask]);
        return ask === 'none' ? null : rowOf(ask);
      },
      many: async (asks) => {
        await statement(asks);
        // Rows come in any order, and none comes for what is not there.
        return asks.flatMap((ask, index) => (ask === 'none' ? [] : [{ ...rowOf(ask), place: index + 1 }])).toReversed();
      },
      keyOf: (ask) => ask,
      ...parts,
    },
    limits,
  );
  /** Answers every statement that has been sent. */
  const answer = (): void => waiting.splice(0).forEach(({ resolve }) => resolve());
  const untilSent = (count: number) => vi.waitFor(() => expect(sent).toHaveLength(count), { interval: 1 });
  return { read, sent, answer, untilSent };
};

test('the asks of one turn are one statement, and each caller gets its own row', async () => {
  const { read, sent, answer, untilSent } = startGathering();
  const answers = Promise.all(['a', 'none', 'b'].map(read));
  await untilSent(1);
  answer();
  expect(await answers).toEqual([rowOf('a'), null, rowOf('b')]);
  expect(sent).toEqual([['a', 'none', 'b']]);
});

test('a lone ask takes its plain statement', async () => {
  const many = vi.fn<GatherParts<string, Row>['many']>();
  const { read, answer, untilSent } = startGathering({}, { many });
  const row = read('a');
  await untilSent(1);
  answer();
  expect(await row).toEqual(rowOf('a'));
  expect(many).not.toHaveBeenCalled();
});

test('a statement takes so many asks, and so many statements are in flight', async () => {
  const { read, sent, answer, untilSent } = startGathering({ batchMax: 2, inFlightMax: 2 });
  const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map(read));
  await untilSent(2);
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  answer();
  await untilSent(3);
  answer();
  expect(await answers).toEqual(['a', 'b', 'c', 'd', 'e'].map(rowOf));
  expect(sent).toHaveLength(3);
});

test('equal asks are one while they wait, and never join a statement in flight', async () => {
  const { read, sent, answer, untilSent } = startGathering({ inFlightMax: 1 });
  const first = read('a');
  await untilSent(1);
  const later = Promise.all(['a', 'a', 'b'].map(read));
  answer();
  await untilSent(2);
  answer();
  expect([await first, ...(await later)]).toEqual([rowOf('a'), rowOf('a'), rowOf('a'), rowOf('b')]);
  expect(sent).toEqual([['a'], ['a', 'b']]);
});

test('asks after a failed statement are answered', async () => {
  const { read, sent } = startGathering(
    { inFlightMax: 1 },
    {
      one: async (ask) => {
        sent.push([ask]);
        if (ask === 'bad') throw new Error('bad');
        return rowOf(ask);
      },
    },
  );
  await expect(read('bad')).rejects.toThrow('bad');
  expect(await read('a')).toEqual(rowOf('a'));
});

test('beyond the bound an ask is refused at once, and after its time while it waits', async () => {
  const { read, answer, untilSent } = startGathering({ batchMax: 1, inFlightMax: 1, queuedMax: 1, waitMsMax: 20 });
  const first = read('a');
  await untilSent(1);
  const waiting = read('b');
  await expect(read('c')).rejects.toEqual(refused);
  await expect(waiting).rejects.toEqual(refused);
  answer();
  expect(await first).toEqual(rowOf('a'));
});

test('an ask that can be sent is not refused because the process was busy for longer than it may wait', async () => {
  const { read, answer, untilSent } = startGathering({ waitMsMax: 20 });
  let asked: ReturnType<typeof read> | undefined;
  await blockAfter(() => void (asked = read('a')), 60);
  await untilSent(1);
  answer();
  expect(await asked).toEqual(rowOf('a'));
});

const NumberRow = uncheckedRow({ number: Type.Integer() });
const PlacedNumberRow = uncheckedRow({ number: Type.Integer(), place: Type.Integer() });

/** Reads texts as numbers in a real database. */
const readNumbers = ({ connection }: ReturnType<typeof openShared>) =>
  gather<string, { readonly number: number }>({
    one: (text) => connection.maybeOne(sql.type(NumberRow)`SELECT 100 / ${text}::int8 AS number`),
    many: (texts) =>
      connection.any(sql.type(PlacedNumberRow)`
        SELECT 100 / asked.text::int8 AS number, asked.place
        FROM unnest(${sql.array([...texts], 'text')}) WITH ORDINALITY AS asked (text, place)`),
    keyOf: (text) => text,
  });

test('each caller of a statement that fails gets its own row or error', async () => {
  const fresh = await freshDatabase({ services: [] });
  const read = readNumbers(await openReady(fresh.url));
  const failures: unknown[] = [];
  onTestFinished(onGatherFailed((error) => failures.push(sqlStateOf(error))));
  const settled = await Promise.allSettled(['4', '0', 'x', '5'].map(read));
  expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : String(sqlStateOf(one.reason))))).toEqual([
    { number: 25 },
    '22012',
    '22P02',
    { number: 20 },
  ]);
  expect(failures).toEqual(['22012']);
});

test('a database that is away is the answer to all, without another statement', async () => {
  const read = readNumbers(openShared(null));
  const settled = await Promise.allSettled(['4', '5'].map(read));
  const error = new AppError('NOT_CONFIGURED', 'No shared database is set up for this service.', { retryAfterSeconds: 1 });
  expect(settled).toEqual([1, 2].map(() => ({ status: 'rejected', reason: error })));
});
