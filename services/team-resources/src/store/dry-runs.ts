import { sql, type Connection, type SharedDatabase } from '@guildhall/db';
import type { ChangedPlace, ChangedStores, CommunityFacts, DryRunStore } from '../core/change-impact.ts';
import { readRights, type ChangedRights } from './changed-rights.ts';
import { createCommunities } from './communities.ts';
import { createMembers } from './members.ts';
import { createOwnRoles } from './own-roles.ts';
import { createPermissionFacts } from './permission-facts.ts';

/** The stores of changes on a transaction: what they would do in transactions of their own is part of this one. */
const storesIn = (tx: Connection): ChangedStores => {
  const database = { connection: tx, inTransaction: <T>(work: (inner: Connection) => Promise<T>) => work(tx) };
  return { communities: createCommunities(tx), members: createMembers(database), ownRoles: createOwnRoles(database) };
};

/** Reads what decides about rights before a change and after it. A savepoint undoes the change and gives back the locks that it took. */
const tryChange = async (
  tx: Connection,
  place: ChangedPlace,
  change: (stores: ChangedStores) => Promise<unknown>,
): Promise<{ readonly before: ChangedRights; readonly after: ChangedRights }> => {
  const before = await readRights(tx, place);
  await tx.query(sql.unsafe`SAVEPOINT before_change`);
  await change(storesIn(tx));
  const after = await readRights(tx, place);
  await tx.query(sql.unsafe`ROLLBACK TO SAVEPOINT before_change`);
  return { before, after };
};

const factsOf = async (
  tx: Connection,
  { communityId, trustTitles, openInvites }: ChangedRights,
  changed?: ChangedRights,
): Promise<CommunityFacts> => ({
  members: await createPermissionFacts(tx).list(communityId, changed),
  titles: trustTitles?.titles ?? [],
  openInvites,
});

export const createDryRuns = ({ inTransaction }: Pick<SharedDatabase, 'inTransaction'>): DryRunStore => ({
  run: (place, change) =>
    inTransaction(async (tx) => {
      // One snapshot: what others commit meanwhile is no difference that the change makes.
      await tx.query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`);
      const { before, after } = await tryChange(tx, place, change);
      return { before: await factsOf(tx, before), after: await factsOf(tx, after, after) };
    }),
});
