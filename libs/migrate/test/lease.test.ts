import * as fc from 'fast-check';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClient } from '../src/connection.ts';
import {
  ensureLease,
  fenceStatement,
  raiseFence,
  readLease,
  releaseLease,
  renewLease,
  takeLease,
  type Lease,
} from '../src/lease.ts';
import { useLibraryDatabase } from './library-database.ts';

const { url, client, query } = useLibraryDatabase();

const names = ['ann', 'bob', 'cem'] as const;
type Name = (typeof names)[number];
type Move = { readonly who: Name; readonly does: 'take' | 'raise' | 'write' | 'renew' | 'release' | 'expire' };

/** A model of the lease without a database. */
interface Model {
  holder: Name | null;
  fencing: number;
  isOver: boolean;
  fence: number;
}

const moves = fc.array(
  fc.record<Move>({
    who: fc.constantFrom(...names),
    does: fc.constantFrom('take', 'take', 'raise', 'write', 'write', 'renew', 'release', 'expire'),
  }),
  { minLength: 5, maxLength: 40 },
);

const longMs = 600_000;

const take = async (model: Model, leases: Map<Name, Lease>, who: Name): Promise<void> => {
  const lease = await takeLease(client(), 'library', who, longMs);
  expect(lease !== null).toBe(model.holder === null || model.isOver);
  if (lease === null) return;
  leases.set(who, lease);
  Object.assign(model, { holder: who, fencing: model.fencing + 1, isOver: false });
  expect(lease.fencing).toBe(String(model.fencing));
};

const expire = (model: Model): Promise<unknown> => {
  model.isOver = true;
  return query(
    `UPDATE library.schema_migration_lease SET expires_at = clock_timestamp() - interval '1 second' WHERE id = 'lease'`,
  );
};

const act = async (model: Model, lease: Lease, does: Move['does']): Promise<void> => {
  const own = Number(lease.fencing);
  const isNewest = own === model.fencing;
  if (does === 'raise') {
    await raiseFence(client(), lease);
    model.fence = Math.max(model.fence, own);
  }
  if (does === 'write') expect((await query(fenceStatement(lease))).rowCount).toBe(own === model.fence ? 1 : 0);
  if (does === 'renew') {
    expect(await renewLease(client(), lease, longMs)).toBe(isNewest);
    if (isNewest) model.isOver = false;
  }
  if (does === 'release') {
    await releaseLease(client(), lease);
    if (isNewest) Object.assign(model, { holder: null, isOver: true });
  }
};

test('whatever holders do and whenever a lease ends: one holder at a time, and after the fence is raised no earlier one writes', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (played) => {
      await query('DROP SCHEMA IF EXISTS library CASCADE');
      await ensureLease(client(), 'library');
      const model: Model = { holder: null, fencing: 0, isOver: false, fence: 0 };
      const leases = new Map<Name, Lease>();
      for (const { who, does } of played) {
        const lease = leases.get(who);
        if (does === 'take') await take(model, leases, who);
        else if (does === 'expire') await expire(model);
        else if (lease !== undefined) await act(model, lease, does);
        const state = await readLease(client(), 'library');
        expect([state?.holder, state?.fencing]).toEqual([model.holder, String(model.fencing)]);
      }
    }),
    { numRuns: 40 },
  );
});

describe('of twenty who take a free lease at once,', () => {
  let clients: readonly Client[];
  beforeAll(async () => {
    clients = await Promise.all(Array.from({ length: 20 }, () => openClient(url())));
  });
  afterAll(() => Promise.all(clients.map((one) => one.end())));

  test.each(['read committed', 'serializable'])('one gets it: %s', async (isolation) => {
    await Promise.all(clients.map((one) => one.query(`SET default_transaction_isolation = '${isolation}'`)));
    await Promise.all(clients.map((one) => ensureLease(one, 'library')));
    const taken = await Promise.all(clients.map((one, index) => takeLease(one, 'library', `holder ${index}`, longMs)));
    expect(taken.filter((lease) => lease !== null).map(({ fencing }) => fencing)).toEqual(['1']);
  });
});
