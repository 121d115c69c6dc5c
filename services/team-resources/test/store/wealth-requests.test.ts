import { atOnce, timesAtOnce } from '@guildhall/testkit';
import { randomUUID } from 'node:crypto';
import type { Wealth, WealthRequest, WealthRequestStatus } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import * as fc from 'fast-check';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import type { WealthRequestMove } from '../../src/core/wealth-request-states.ts';
import { createWealthRequests } from '../../src/store/wealth-requests.ts';
import { createWealthStore } from '../../src/store/wealth.ts';
import { anyEvent } from '../support/audit-events.ts';
import { seedCommunity, seedMember } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/** Wealth requests as the statements decide them, without the rules of core before them. */

const team = useTeamDatabase();

const at = '2026-01-31T08:30:00.000Z';
const WealthRow = uncheckedRow({
  status: Type.String(),
  quantityTaken: Type.Integer(),
  quantityFulfilled: Type.Integer(),
});

const newOffer = async (quantity: number | null) => {
  const { communityId, owner } = await seedCommunity(team.database);
  const requester = `requester-${randomUUID()}`;
  await seedMember(team.database, communityId, requester, 'member');
  const { connection } = team.database;
  const [offers, requests] = [createWealthStore(connection), createWealthRequests(connection)];
  const wealth: Wealth = {
    id: randomUUID(),
    communityId,
    type: 'object',
    title: 'Laptop',
    description: '',
    category: null,
    councilId: null,
    poolId: null,
    quantity,
    quantityLeft: quantity,
    minTrustRequired: 0,
    status: 'active',
    expiresAt: null,
    createdBy: owner,
    createdByName: owner,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  expect(await offers.insert(wealth, { userId: owner, event: anyEvent() }, null)).toBe(true);
  const request = async (units: number): Promise<WealthRequest> => {
    const made: WealthRequest = {
      id: randomUUID(),
      communityId,
      wealthId: wealth.id,
      requestedBy: requester,
      requestedByName: requester,
      quantity: units,
      note: '',
      status: 'pending',
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
    expect(await requests.insert(made, { userId: requester, event: anyEvent() }, null)).toBe(true);
    return made;
  };
  const move = (current: WealthRequest, to: WealthRequestMove['to'], userId: string): Promise<boolean> => {
    const next = { ...current, status: to, version: current.version + 1 };
    return requests.move(next, { from: current.status, to }, { userId, event: anyEvent() });
  };
  const state = () =>
    connection.one(sql.type(WealthRow)`
      SELECT status, quantity_taken, quantity_fulfilled FROM team.wealth WHERE id = ${wealth.id}::uuid`);
  return { communityId, owner, requester, wealth, offers, request, move, state };
};

test('of 200 accepts of the last unit at once, one gets it', async () => {
  const { owner, request, move, state } = await newOffer(1);
  const pending = await timesAtOnce(200, () => request(1));
  const accepted = await atOnce(pending, (each) => move(each, 'accepted', owner));
  expect(accepted.filter(Boolean)).toHaveLength(1);
  expect(await state()).toEqual({ status: 'active', quantityTaken: 1, quantityFulfilled: 0 });
});

test('of 200 accepts of one request at once, one takes its quantity', async () => {
  const { owner, request, move, state } = await newOffer(1000);
  const pending = await request(3);
  const accepted = await timesAtOnce(200, () => move(pending, 'accepted', owner));
  expect(accepted.filter(Boolean)).toHaveLength(1);
  expect(await state()).toEqual({ status: 'active', quantityTaken: 3, quantityFulfilled: 0 });
});

test('the last unit that is fulfilled fulfils the wealth, however many are at once', async () => {
  const { owner, requester, request, move, state } = await newOffer(50);
  const pending = await timesAtOnce(50, () => request(1));
  await atOnce(pending, (each) => move(each, 'accepted', owner));
  const accepted = pending.map((each): WealthRequest => ({ ...each, status: 'accepted', version: 2 }));
  const fulfilled = await Promise.all(
    accepted.map((each, index) => move(each, 'fulfilled', index % 2 === 0 ? owner : requester)),
  );
  expect(fulfilled.every(Boolean)).toBe(true);
  expect(await state()).toEqual({ status: 'fulfilled', quantityTaken: 50, quantityFulfilled: 50 });
});

/** The states and moves once more, written apart from the product: who may make which. */
const model: Readonly<Record<string, readonly ('owner' | 'requester')[]>> = {
  'pending accepted': ['owner'],
  'pending rejected': ['owner'],
  'pending cancelled': ['requester'],
  'accepted fulfilled': ['owner', 'requester'],
  'accepted cancelled': ['owner', 'requester'],
};

const step = fc.record({
  request: fc.nat({ max: 3 }),
  to: fc.constantFrom('accepted' as const, 'rejected' as const, 'fulfilled' as const, 'cancelled' as const),
  by: fc.constantFrom('owner' as const, 'requester' as const),
});

test('any moves by either side lead where the model says, and never more is given than there is', async () => {
  const offer = fc.record({
    quantity: fc.option(fc.integer({ min: 1, max: 6 })),
    units: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
    steps: fc.array(step, { maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(offer, async ({ quantity, units, steps }) => {
      const { owner, requester, request, move, state } = await newOffer(quantity);
      const requests: WealthRequest[] = [];
      for (const each of units) requests.push(await request(each));
      const totals = { taken: 0, fulfilled: 0 };
      let status = 'active';
      for (const { request: index, to, by } of steps) {
        const current = requests[index];
        if (current === undefined) throw new Error('There are four requests.');
        const from: WealthRequestStatus = current.status;
        const isEnough =
          to !== 'accepted' || (status === 'active' && (quantity === null || totals.taken + current.quantity <= quantity));
        const isMade = (model[`${from} ${to}`] ?? []).includes(by) && isEnough;
        if (model[`${from} ${to}`] === undefined) continue;
        expect(await move(current, to, by === 'owner' ? owner : requester)).toBe(isMade);
        if (!isMade) continue;
        requests[index] = { ...current, status: to, version: current.version + 1 };
        if (to === 'accepted') totals.taken += current.quantity;
        if (from === 'accepted' && to === 'cancelled') totals.taken -= current.quantity;
        if (to === 'fulfilled') totals.fulfilled += current.quantity;
        if (quantity !== null && totals.fulfilled >= quantity) status = 'fulfilled';
        expect(await state()).toEqual({ status, quantityTaken: totals.taken, quantityFulfilled: totals.fulfilled });
        expect(totals.taken).toBeGreaterThanOrEqual(totals.fulfilled);
        expect(totals.taken).toBeLessThanOrEqual(quantity ?? Infinity);
      }
    }),
    { numRuns: 40 },
  );
});

test('expiry is decided by the clock of the database when the statement runs', async () => {
  const { communityId, owner, wealth, offers, request, move } = await newOffer(5);
  const { connection } = team.database;
  const path = { communityId, wealthId: wealth.id };
  const statusNow = async () => (await offers.find(owner, path))?.item.status;
  const pending = await request(1);
  const expireIn = (seconds: number) =>
    connection.query(sql.unsafe`
      UPDATE team.wealth SET expires_at = now() + ${`${seconds} seconds`}::interval WHERE id = ${wealth.id}::uuid`);
  await expireIn(3600);
  expect(await statusNow()).toBe('active');
  await expireIn(-1);
  expect(await statusNow()).toBe('expired');
  expect(await move(pending, 'accepted', owner)).toBe(false);
  const filter = { sort: 'newest', isDeleted: false } as const;
  const listed = async (status: Wealth['status']) =>
    (await offers.list(owner, communityId, { ...filter, status }, { limit: 5, after: null }))?.map(({ id }) => id);
  expect([await listed('active'), await listed('expired')]).toEqual([[], [wealth.id]]);
  await expireIn(3600);
  expect([await listed('active'), await listed('expired')]).toEqual([[wealth.id], []]);
  expect(await move(pending, 'accepted', owner)).toBe(true);
});
