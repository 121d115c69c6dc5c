import { communityRoleMay, type CommunityPermission, type PublicContract } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storesOn } from '../../services/team-resources/src/store/stores.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { routedTeam } from './callers.ts';
import { changes, codeOf, eventsOf, prepare, unaudited } from './community-changes.ts';
import { sendAs, type RoutedService } from './route-client.ts';

/**
 * The statements that write check the caller's right themselves: what a rule read before is not relied on. Here the right is lost
 * between the two, just before the write runs.
 */

/** The change that the next write is overtaken by. */
let overtaking: (() => Promise<unknown>) | undefined;
const overtake = async (): Promise<void> => {
  const change = overtaking;
  overtaking = undefined;
  await change?.();
};

/** Every write of a change stores its event, or the mark of what was read. */
const isWrite = (text: string): boolean => /INSERT INTO ("?team"?\.)("?outbox_events|forum_reads)/.test(text);

const beforeWrites =
  <Query extends { readonly sql: string }, Answer>(run: (query: Query) => Promise<Answer>) =>
  async (query: Query): Promise<Answer> => {
    if (isWrite(query.sql)) await overtake();
    return await run(query);
  };

const overtaken = ({ any, maybeOne, one, query }: Connection): Connection => ({
  any: beforeWrites(any),
  maybeOne: beforeWrites(maybeOne),
  one: beforeWrites(one),
  query: beforeWrites(query),
});

/** A transaction is overtaken before it begins: once it holds its locks, nothing overtakes it. */
const overtakenDatabase = ({ connection, inTransaction }: Pick<SharedDatabase, 'connection' | 'inTransaction'>) => ({
  connection: overtaken(connection),
  inTransaction: async <T>(work: (tx: Connection) => Promise<T>): Promise<T> => {
    await overtake();
    return await inTransaction(work);
  },
});

let fixture: Awaited<ReturnType<typeof startFixture>>;
let service: RoutedService;
beforeAll(async () => {
  fixture = await startFixture({ createStores: (database) => storesOn(overtakenDatabase(database)) });
  service = routedTeam(fixture);
});
afterAll(() => fixture.close());

/** The tables of what a path can lie in, by its parameter. */
const parents: Readonly<Record<string, Fragment>> = {
  communityId: sql.fragment`team.communities`,
  workspaceId: sql.fragment`team.workspaces`,
  councilId: sql.fragment`team.councils`,
  forumId: sql.fragment`team.forums`,
  threadId: sql.fragment`team.forum_threads`,
  poolId: sql.fragment`team.pools`,
  wealthId: sql.fragment`team.wealth`,
};

/** The parents of what a route is about: the community, and the others that its path names. */
const parentsOf = ({ path, subject }: PublicContract): readonly string[] =>
  ['communityId', ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name).filter((name) => name !== 'communityId')].filter(
    (name) => name in parents && !('parameter' in subject && subject.parameter === name),
  );

const NameRow = uncheckedRow({ name: Type.String() });
const CountRow = uncheckedRow({ name: Type.String(), count: Type.Integer() });

let tableNames: Promise<readonly { readonly name: string }[]> | undefined;
/** Reads the names of all tables but the outbox, where refusals leave their events; once. */
const namesOfTables = ({ connection }: SharedDatabase) =>
  (tableNames ??= connection.any(sql.type(NameRow)`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'team' AND table_name <> 'outbox_events' ORDER BY table_name`));

/** Counts the rows of each of these tables. */
const rowCounts = async (database: SharedDatabase) => {
  const { connection } = database;
  const counts = (await namesOfTables(database)).map(
    ({ name }) => sql.fragment`SELECT ${name}::text AS name, count(*)::int8 AS count FROM ${sql.identifier(['team', name])}`,
  );
  return await connection.any(sql.type(CountRow)`${sql.join(counts, sql.fragment` UNION ALL `)} ORDER BY name`);
};

/** Something that a write needs, as the row that says so: how it is lost, and given back. */
interface Loss {
  readonly name: string;
  readonly lose: Fragment;
  readonly giveBack: Fragment;
}

const deletion = (name: string, table: Fragment, row: Fragment): Loss => ({
  name,
  lose: sql.fragment`UPDATE ${table} SET deleted_at = now() WHERE ${row}`,
  giveBack: sql.fragment`UPDATE ${table} SET deleted_at = NULL WHERE ${row}`,
});

/** The membership of the owner who asks, their role unless viewers may do it, and each parent of what is written. */
const lossesOf = (
  contract: PublicContract,
  { communityId, owner, parameters }: Awaited<ReturnType<typeof prepare>>,
): readonly Loss[] => {
  const memberships = sql.fragment`team.resource_memberships`;
  const ofOwner = sql.fragment`resource_id = ${communityId}::uuid AND user_id = ${owner.userId}`;
  const withRole = (role: string) => sql.fragment`UPDATE ${memberships} SET role = ${role} WHERE ${ofOwner}`;
  return [
    deletion('membership', memberships, ofOwner),
    ...(communityRoleMay('viewer', contract.permission as CommunityPermission)
      ? []
      : [{ name: 'role', lose: withRole('viewer'), giveBack: withRole('owner') }]),
    ...parentsOf(contract).map((name) =>
      deletion(
        name,
        parents[name] ?? sql.fragment``,
        sql.fragment`id = ${name === 'communityId' ? communityId : (parameters.get(name) ?? '')}::uuid`,
      ),
    ),
  ];
};

/** The number of events that the example of a change leaves: an import leaves one for its folder and one for its document. */
const eventCountOf = ({ name }: PublicContract): number => {
  if (name === 'importControlM') return 2;
  return unaudited.has(name) ? 0 : 1;
};

test.each(changes)('%s is refused by its own statement when what it needs is lost just before', async (_name, contract) => {
  const { tables } = fixture;
  const prepared = await prepare({ service, tables }, contract);
  const { communityId, owner, request } = prepared;
  const run = (statement: Fragment) => tables.connection.query(sql.unsafe`${statement}`);
  const successes = async () => (await eventsOf(tables, communityId)).filter(({ result }) => result === 'success');
  const [events, rows] = [await successes(), await rowCounts(tables)];
  for (const { name, lose, giveBack } of lossesOf(contract, prepared)) {
    overtaking = () => run(lose);
    const answer = codeOf(await sendAs(service, owner, contract, request));
    expect([name, overtaking, ...answer]).toEqual([
      name,
      undefined,
      ...(name === 'role' ? [403, 'FORBIDDEN'] : [404, 'NOT_FOUND']),
    ]);
    await run(giveBack);
  }
  expect([await successes(), await rowCounts(tables)]).toEqual([events, rows]);
  expect((await sendAs(service, owner, contract, request)).status).toBeLessThan(300);
  expect((await successes()).length).toBe(events.length + eventCountOf(contract));
});
