import { timesAtOnce } from '@guildhall/testkit';
import { randomUUID } from 'node:crypto';
import { trustScoreMax } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import * as fc from 'fast-check';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { createTrustAwards } from '../../src/store/trust-awards.ts';
import { createTrustGrants } from '../../src/store/trust-grants.ts';
import { createTrustScores } from '../../src/store/trust-scores.ts';
import { anyEvent } from '../support/audit-events.ts';
import { seedCommunity, seedMembers } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/** The rules of trust as the statements decide them. */

const team = useTeamDatabase();

const at = '2026-01-31T08:30:00.000Z';

const newCommunity = async (roles: readonly string[]) => {
  const { communityId, owner } = await seedCommunity(team.database);
  const members = roles.map((role) => `${role}-${randomUUID()}`);
  const seeded = roles.map((role, index) => ({ userId: members[index] ?? '', role }));
  if (roles.length > 0) await seedMembers(team.database, communityId, seeded);
  const { connection } = team.database;
  const [awards, grants, scores] = [createTrustAwards(connection), createTrustGrants(connection), createTrustScores(connection)];
  const award = (userId: string, memberId: string) =>
    awards.award({ communityId, userId, memberId, at, id: randomUUID(), event: anyEvent() });
  const withdraw = (userId: string, memberId: string) =>
    awards.withdraw({ communityId, userId, memberId, at, event: anyEvent() });
  const grant = async (memberId: string, points: number): Promise<boolean> => {
    const found = await grants.find(owner, communityId, memberId);
    if (found?.grant === undefined) return false;
    const next = { ...found.grant, points, reason: 'test', version: found.grant.version + 1 };
    return await grants.revise({ communityId, userId: owner, next, id: randomUUID(), at, event: anyEvent() });
  };
  const setThreshold = (threshold: object) =>
    connection.query(sql.unsafe`
      UPDATE team.communities SET min_trust_to_award_trust = ${JSON.stringify(threshold)}::jsonb WHERE id = ${communityId}::uuid`);
  const setPresent = (userId: string, isPresent: boolean) =>
    connection.query(sql.unsafe`
      UPDATE team.resource_memberships SET deleted_at = ${isPresent ? null : at}::timestamptz
      WHERE resource_id = ${communityId}::uuid AND user_id = ${userId}`);
  const scoreOf = async (userId: string) => (await scores.find(owner, communityId, userId))?.score?.score;
  return { communityId, owner, members, awards, award, withdraw, grant, setThreshold, setPresent, scoreOf };
};

const threshold = fc.oneof(
  fc.record({ type: fc.constant('number'), value: fc.integer({ min: 0, max: trustScoreMax }) }),
  fc.record({ type: fc.constant('share'), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

test('from any founding state a community reaches every threshold that it may set', async () => {
  const founding = fc.array(fc.constantFrom('admin', 'moderator', 'member'), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(founding, threshold, async (roles, value) => {
      const { communityId, owner, members, awards, award, grant, setThreshold } = await newCommunity(roles);
      await setThreshold(value);
      for (const [index, userId] of members.entries()) {
        const before = await awards.find(userId, communityId, owner);
        const needed = before?.neededScore ?? -1;
        expect(needed).toBe(roles[index] === 'admin' ? 0 : expectedScore(value, members.length + 1));
        expect(await award(userId, owner)).toBe(roles[index] === 'admin');
        expect(await grant(userId, needed)).toBe(true);
        expect(await award(userId, owner)).toBe(roles[index] !== 'admin');
      }
    }),
    { numRuns: 30 },
  );
});

/** Computes a threshold as the statement does, written apart: shares are exact decimals, and 0 asks for 1. */
const expectedScore = ({ type, value }: { readonly type: string; readonly value: number }, active: number): number =>
  type === 'number' ? Math.max(1, value) : Math.min(15, Math.max(1, Math.ceil(value * active - 1e-12)));

interface Model {
  readonly present: Set<number>;
  readonly awards: Set<string>;
  readonly points: Map<number, number>;
}

/** Recounts the score of a member from nothing but what happened. */
const recount = ({ present, awards, points }: Model, member: number): number | undefined =>
  present.has(member)
    ? [...present].filter((giver) => awards.has(`${giver}>${member}`)).length + (points.get(member) ?? 0)
    : undefined;

const person = fc.nat({ max: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('award', 'withdraw'), one: person, other: person, points: fc.constant(0) }),
  fc.record({ kind: fc.constantFrom('leave', 'return'), one: person, other: fc.constant(0), points: fc.constant(0) }),
  fc.record({ kind: fc.constant('grant'), one: person, other: fc.constant(0), points: fc.nat({ max: 50 }) }),
);

type Step = Readonly<{ kind: string; one: number; other: number; points: number }>;
type Community = Awaited<ReturnType<typeof newCommunity>>;

/** Makes a step in the community and in the model, and returns what each says about whether it changed something. */
const perform = async (community: Community, model: Model, { kind, one, other, points }: Step): Promise<readonly boolean[]> => {
  const [oneId = '', otherId = ''] = [community.members[one], community.members[other]];
  const { present, awards } = model;
  const pair = `${one}>${other}`;
  if (kind === 'leave' || kind === 'return') {
    await community.setPresent(oneId, kind === 'return');
    if (kind === 'return') present.add(one);
    else present.delete(one);
    return [true, true];
  }
  if (kind === 'grant') {
    if (present.has(one)) model.points.set(one, points);
    return [await community.grant(oneId, points), present.has(one)];
  }
  if (kind === 'withdraw') {
    const isChange = present.has(one) && awards.has(pair);
    if (isChange) awards.delete(pair);
    return [await community.withdraw(oneId, otherId), isChange];
  }
  const isChange = present.has(one) && present.has(other) && !awards.has(pair);
  if (isChange) awards.add(pair);
  return [await community.award(oneId, otherId), isChange];
};

test('the view equals a recount after any awards, withdrawals, grants, departures and returns', async () => {
  const steps = fc.array(
    step.filter(({ kind, one, other }) => kind !== 'award' || one !== other),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (made) => {
      const community = await newCommunity(['admin', 'admin', 'admin', 'admin']);
      const model: Model = { present: new Set([0, 1, 2, 3]), awards: new Set(), points: new Map() };
      for (const each of made) {
        const [isChanged, isExpected] = await perform(community, model, each);
        expect([each, isChanged]).toEqual([each, isExpected]);
        const scores = await Promise.all(community.members.map(community.scoreOf));
        expect(scores).toEqual([0, 1, 2, 3].map((index) => recount(model, index)));
      }
    }),
    { numRuns: 25 },
  );
});

test('a ring of accounts that vouch for each other reaches nothing that no admin granted', async () => {
  for (const value of [
    { type: 'number', value: 0 },
    { type: 'number', value: 1 },
    { type: 'share', value: 0 },
  ]) {
    const { members, award, grant, setThreshold, scoreOf } = await newCommunity(Array.from({ length: 8 }, () => 'member'));
    await setThreshold(value);
    const vouchAll = () =>
      Promise.all(members.flatMap((one) => members.filter((other) => other !== one).map((other) => award(one, other))));
    const scores = () => Promise.all(members.map(scoreOf));
    for (const round of [1, 2, 3])
      expect([round, (await vouchAll()).includes(true), await scores()]).toEqual([round, false, members.map(() => 0)]);
    // What does not hold: at the lowest threshold one grant is enough to lift the whole ring.
    await grant(members[0] ?? '', 1);
    await vouchAll();
    await vouchAll();
    expect((await scores()).every((score) => (score ?? 0) >= 7)).toBe(true);
  }
});

const CountRow = uncheckedRow({ total: Type.Integer(), inForce: Type.Integer() });

test('200 awards of one pair at once leave one in force', async () => {
  const { communityId, owner, members, award, withdraw } = await newCommunity(['member']);
  const member = members[0] ?? '';
  const awardMany = () => timesAtOnce(200, () => award(owner, member));
  const count = () =>
    team.database.connection.one(sql.type(CountRow)`
      SELECT count(id)::int8 AS total, count(id) FILTER (WHERE deleted_at IS NULL)::int8 AS in_force
      FROM team.trust_awards WHERE community_id = ${communityId}::uuid`);
  expect((await awardMany()).filter(Boolean)).toHaveLength(1);
  expect(await count()).toEqual({ total: 1, inForce: 1 });
  const withdrawn = await timesAtOnce(200, () => withdraw(owner, member));
  expect(withdrawn.filter(Boolean)).toHaveLength(1);
  expect(await count()).toEqual({ total: 1, inForce: 0 });
  expect((await awardMany()).filter(Boolean)).toHaveLength(1);
  expect(await count()).toEqual({ total: 1, inForce: 1 });
});
