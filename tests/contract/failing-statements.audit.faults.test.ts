import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor, withFailingStatements } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventOf, startFixture, type Fixture } from '../../services/audit/test/contract/fixture.ts';

/** Events that are reported and sequenced while the statements of audit fail at random before and after they ran. */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const seed = Number(process.env['PROPERTY_SEED'] ?? '1');
const roundsMin = 20;
const roundsMax = 200;
const kinds = ['40001', '40003', '57P01', 'lost'];
const triesMax = 6;
const StoredRow = uncheckedRow({ id: Type.String(), leafIndex: Type.Integer() });
const stored = (ids: readonly string[]) =>
  fixture.tables.connection.any(sql.type(StoredRow)`
    SELECT id, coalesce(leaf_index, -1)::int8 AS leaf_index FROM audit.audit_events
    WHERE id = ANY(${sql.array([...ids], 'uuid')}) ORDER BY leaf_index`);

test('a batch is stored whole or not at all, once, and placed in the log without a gap, whatever statement fails', async () => {
  const all: string[] = [];
  const failures = new Set<string>();
  const isTried = (round: number): boolean => round >= roundsMin && failures.size === kinds.length;
  for (let round = 0; round < roundsMax && !isTried(round); round += 1) {
    const batch = [eventOf(), eventOf(), eventOf()];
    const ids = batch.map(({ id }) => id);
    const report = async (tried: number): Promise<number> => {
      const options = {
        applicationName: 'guildhall-audit',
        seed: seed * 1_000 + round * triesMax + tried,
        rate: tried < triesMax ? 0.3 : 0,
      };
      const { result, failed } = await withFailingStatements(options, () => fixture.report(...batch));
      for (const { failure } of failed) failures.add(failure);
      const held = (await stored(ids)).length;
      const told = { body: result.body, failed };
      expect([
        { ...told, status: 200, held: 3 },
        { ...told, status: 503, held: 3 },
        { ...told, status: 503, held: 0 },
      ]).toContainEqual({ ...told, status: result.status, held });
      return result.status;
    };
    let status = 0;
    for (let tried = 1; tried < triesMax && status !== 200; tried += 1) status = await report(tried);
    // At last without a failure; the service may still be looking after the connections that it lost.
    if (status !== 200) await waitFor(async () => (await report(triesMax)) === 200, { what: 'the batch to be taken' });
    all.push(...ids);
  }
  const isPlaced = async () => (await stored(all)).every(({ leafIndex }) => leafIndex >= 0);
  await waitFor(isPlaced, { what: 'the events to be placed in the log' });
  const indexes = (await stored(all)).map(({ leafIndex }) => leafIndex);
  expect(indexes).toEqual(all.map((_, index) => index));
  expect([...failures].toSorted()).toEqual(kinds);
});
