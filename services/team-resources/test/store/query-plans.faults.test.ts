import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storesOn, type Stores } from '../../src/store/stores.ts';
import { insertManyRows } from '../support/many-rows.ts';
import { ofForums } from '../support/planned/forums.ts';
import { placeOf, type Statements } from '../support/planned/frame.ts';
import { ofCouncils, ofPools, ofWorkspaces } from '../support/planned/groups.ts';
import { ofCommunities, ofInvites, ofMembers, ofTrust } from '../support/planned/people.ts';
import { ofPolls } from '../support/planned/polls.ts';
import { ofDisputes, ofNeeds, ofWealth } from '../support/planned/wealth.ts';
import { explainOn, largeTables, sequentialScans, sortedRows, unboundedIndexScans } from '../support/query-plans.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

/**
 * The plans of every statement of the communities on tables of 10⁴ to 10⁶ rows: none reads a large table from one end to the
 * other, or sorts one. It stands among the faults because it takes a minute of the processor.
 */

/** A table that a statement must not read whole has at least so many rows. */
const largeRowsMin = 10_000;
/** A statement sorts at most so many rows: more of them come from an index in their order. */
const sortedRowsMax = 2_000;
/** Every member's score is counted before the highest of them are known, or before their rights are compared: no index has them in order. */
const sortsAll: ReadonlySet<string> = new Set([
  'the scores of all members',
  'a dry run: what decides about the rights of all members, before a change and after it',
]);
const minutes = 60_000;

let team: TeamDatabase;
let client: Client;
let large: ReadonlySet<string>;

beforeAll(async () => {
  team = await openTeamDatabase();
  client = new Client({ connectionString: team.url });
  await client.connect();
  await insertManyRows(client);
  large = await largeTables(client, largeRowsMin);
}, 10 * minutes);
afterAll(async () => {
  await client.end();
  await team.close();
});

const statements: Statements = {
  ...ofCommunities,
  ...ofMembers,
  ...ofInvites,
  ...ofTrust,
  ...ofCouncils,
  ...ofPools,
  ...ofWorkspaces,
  ...ofWealth,
  ...ofDisputes,
  ...ofNeeds,
  ...ofPolls,
  ...ofForums,
};

test('the tables are large, and a statement that reads one of them whole is found', async () => {
  const filled = [
    'activities',
    'app_users',
    'control_m_folders',
    'councils',
    'disputes',
    'forum_posts',
    'forum_reads',
    'forum_threads',
    'forums',
    'idempotency_keys',
    'inbox_events',
    'invites',
    'needs',
    'poll_ballots',
    'poll_electors',
    'poll_options',
    'polls',
    'pool_contributions',
    'pools',
    'resource_memberships',
    'scripts',
    'trust_awards',
    'trust_grants',
    'wealth',
    'wealth_requests',
    'workspaces',
  ];
  expect([...large].toSorted()).toEqual(filled);
  const { rows } = await client.query<{ count: string }>('SELECT count(*) AS count FROM team.forum_posts');
  expect(Number(rows[0]?.count)).toBe(1_000_000);
  const planOf = async (statement: string): Promise<readonly string[]> =>
    (await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`)).rows.map((line) => line['QUERY PLAN']);
  expect(sequentialScans(await planOf(`SELECT id FROM team.forum_posts WHERE content = 'x'`))).toEqual(['forum_posts']);
  const walked = await planOf('SELECT id FROM team.disputes ORDER BY created_at DESC LIMIT 1');
  expect(unboundedIndexScans(walked)).toEqual(['disputes']);
  expect(sortedRows(await planOf('SELECT id FROM team.needs ORDER BY title LIMIT 10'))).toBeGreaterThan(sortedRowsMax);
});

/** Calls of stores on a connection that only explains, with the faults of their plans. */
const faultsOf = async (name: string, size: 'large' | 'small') => {
  const { connection, plans } = explainOn(team.database.connection);
  const stores: Stores = storesOn({ connection, inTransaction: (work) => work(connection) });
  await statements[name]?.(stores, await placeOf(client, size), connection);
  expect(plans.length).toBeGreaterThan(0);
  return plans.flatMap((plan) => {
    const read = [...sequentialScans(plan), ...unboundedIndexScans(plan)].filter((table) => large.has(table));
    const sorted = sortedRows(plan) > sortedRowsMax && !sortsAll.has(name) ? ['a sort'] : [];
    return [...read, ...sorted].map((fault) => [fault, plan]);
  });
};

describe.each(['large', 'small'] as const)('in a %s community, no large table is read whole or sorted for', (size) => {
  test.each(Object.keys(statements))('%s', async (name) => {
    expect(await faultsOf(name, size)).toEqual([]);
  });
});
