import { randomUUID } from 'node:crypto';
import type { OwnRole } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { storesOn } from '../../src/store/stores.ts';
import { auditEvent } from '../support/planned/frame.ts';
import { seedCommunity } from '../support/team-database.ts';
import { useTeamDatabase } from '../support/use-team-database.ts';

/**
 * A create that is refused by the statement that stores it uses up no Idempotency-Key: the same request, sent again, would be answered
 * with something that is not there.
 */

const team = useTeamDatabase();

const at = '2026-01-31T08:30:00.000Z';
const CountRow = uncheckedRow({ count: Type.Integer() });

const start = async () => {
  const { communityId, owner: userId } = await seedCommunity(team.database);
  const key = randomUUID();
  const row = { id: randomUUID(), communityId, createdBy: userId, createdByName: '', version: 1, createdAt: at, updatedAt: at };
  const write = { userId, event: auditEvent() };
  const claims = async () =>
    (
      await team.database.connection.one(sql.type(CountRow)`
        SELECT count(*)::int8 AS count FROM team.idempotency_keys WHERE principal_id = ${userId} AND key = ${key}`)
    ).count;
  return { communityId, userId, row, write, claims, remembered: { key, requestHash: 'hash', body: {} } };
};
type Started = Awaited<ReturnType<typeof start>>;

const text = { title: 'x', description: '' };
const nobody = randomUUID();

/** Creates with a condition beside the role that is not met: the council or the pool is not there, the name is taken. */
const refused: Readonly<Record<string, (started: Started) => Promise<boolean>>> = {
  'a pool of a council that is not there': ({ row, write, remembered }) => {
    const pool = { ...row, name: 'x', description: '', councilId: nobody, unit: 'kg', holding: 0, mayHandOut: true };
    return storesOn(team.database).pools.insert(pool, { ...write, permission: 'pool:create' }, remembered);
  },
  'wealth that is shared with a pool that is not there': ({ row, write, remembered }) => {
    const facts = { type: 'object', category: null, quantity: null, quantityLeft: null, minTrustRequired: 0 } as const;
    const wealth = { ...row, ...text, ...facts, councilId: null, poolId: nobody, status: 'active', expiresAt: null } as const;
    return storesOn(team.database).wealth.insert(wealth, write, remembered);
  },
  'a need of a council that is not there': ({ row, write, remembered }) => {
    const facts = { quantity: 1, intervalDays: null, status: 'open', timesMet: 0, metByWealthId: null, metAt: null } as const;
    return storesOn(team.database).needs.insert(
      { ...row, ...text, ...facts, councilId: nobody, isOfCommunity: false },
      write,
      remembered,
    );
  },
  'an own role whose name is taken': async ({ row, write, remembered }) => {
    const { ownRoles } = storesOn(team.database);
    const own: OwnRole = { ...row, name: 'Keeper', description: '', permissions: ['community:read'] };
    await ownRoles.insert(
      { ...own, id: randomUUID() },
      { userId: row.createdBy, permission: 'own-role:create', event: auditEvent() },
      null,
    );
    return await ownRoles.insert(own, { ...write, permission: 'own-role:create' }, remembered);
  },
};

test.each(Object.entries(refused))('%s uses up no Idempotency-Key', async (_name, create) => {
  const started = await start();
  expect([await create(started), await started.claims()]).toEqual([false, 0]);
});
