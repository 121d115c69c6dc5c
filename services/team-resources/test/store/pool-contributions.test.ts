import { randomUUID } from 'node:crypto';
import type { PoolContribution } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import * as fc from 'fast-check';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { createPoolContributions } from '../../src/store/pool-contributions.ts';
import { anyEvent } from '../support/audit-events.ts';
import { seedCommunity, seedMember } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/** Pools as the statements decide them, without the rules of core before them. */

const team = useTeamDatabase();

const HoldingRow = uncheckedRow({ holding: Type.Integer(), settled: Type.Integer() });

const newPool = async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const member = `member-${randomUUID()}`;
  await seedMember(team.database, communityId, member, 'member');
  const { connection } = team.database;
  const poolId = randomUUID();
  await connection.query(sql.unsafe`
    INSERT INTO team.pools (id, community_id, name, unit, created_by)
    VALUES (${poolId}::uuid, ${communityId}::uuid, 'Laptops', 'laptops', ${owner})`);
  const contributions = createPoolContributions(team.database);
  const settle = (kind: PoolContribution['kind'], quantity: number, by: 'owner' | 'member'): Promise<boolean> => {
    const createdBy = by === 'owner' ? owner : member;
    const what = { id: randomUUID(), communityId, poolId, kind, quantity, note: '' };
    const made = { ...what, createdBy, createdByName: createdBy, createdAt: '2026-01-31T08:30:00.000Z' };
    return contributions.insert(made, { userId: createdBy, event: anyEvent() }, null);
  };
  /** Reads what the pool holds by its own word, and by the sum of what was settled. */
  const state = () =>
    connection.one(sql.type(HoldingRow)`
      SELECT pool.holding, COALESCE((
        SELECT sum(CASE given.kind WHEN 'contribution' THEN given.quantity ELSE -given.quantity END)
        FROM team.pool_contributions AS given WHERE given.pool_id = pool.id
      ), 0)::int8 AS settled
      FROM team.pools AS pool WHERE pool.id = ${poolId}::uuid`);
  return { settle, state };
};

const step = fc.record({
  kind: fc.constantFrom('contribution' as const, 'hand-out' as const),
  quantity: fc.integer({ min: 1, max: 5 }),
  by: fc.constantFrom('owner' as const, 'member' as const),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const sumOf = (steps: readonly Step[], kind: Step['kind']): number =>
  steps.filter((each) => each.kind === kind).reduce((sum, { quantity }) => sum + quantity, 0);

test('any contributions and hand-outs, one by one and at once, leave the sum that the model says, and never less than nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), async (rounds) => {
      const { settle, state } = await newPool();
      let holding = 0;
      for (const round of rounds) {
        const answers = await Promise.all(round.map(({ kind, quantity, by }) => settle(kind, quantity, by)));
        const settled = round.filter((_step, index) => answers[index] === true);
        const refused = round.filter((_step, index) => answers[index] !== true);
        expect(settled.filter(({ kind, by }) => kind === 'hand-out' && by === 'member')).toEqual([]);
        expect(refused.filter(({ kind }) => kind === 'contribution')).toEqual([]);
        // In whichever order they came, the pool held at least this much when one was refused, and at most that much when one was not.
        const [least, most] = [holding - sumOf(settled, 'hand-out'), holding + sumOf(settled, 'contribution')];
        expect(refused.filter(({ quantity, by }) => by === 'owner' && quantity <= least)).toEqual([]);
        expect(sumOf(settled, 'hand-out')).toBeLessThanOrEqual(most);
        holding = most - sumOf(settled, 'hand-out');
        expect(await state()).toEqual({ holding, settled: holding });
      }
    }),
    { numRuns: 40 },
  );
});
