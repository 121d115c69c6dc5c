import { randomUUID } from 'node:crypto';
import { defaultCommunitySettings } from '@guildhall/contracts';
import { migrateDown, migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder, type FreshDatabase } from '@guildhall/testkit';
import { openTables } from '@guildhall/testkit/service';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCommunities } from '../../src/store/communities.ts';

/** Settings move from one JSON document (before migration 15) into a column each (from 18 on). The store reads the newest schema. */

const documentMigrations = 14;
const user = 'ada';
let fresh: FreshDatabase;
let client: Client;

const run = async (text: string, values: readonly unknown[] = []) =>
  (await client.query<Record<string, unknown>>(text, [...values])).rows;

const target = () => ({ databaseUrl: fresh.url, schema: 'team', folder: migrationsFolder('team-resources') });

beforeAll(async () => {
  fresh = await freshDatabase({ services: [] });
  client = new Client({ connectionString: fresh.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await fresh.drop();
});

const oldCommunity = async (settings: unknown): Promise<string> => {
  const id = randomUUID();
  await run('INSERT INTO team.communities (id, name, settings, created_by) VALUES ($1, $2, $3, $4)', [
    id,
    'c',
    JSON.stringify(settings),
    user,
  ]);
  await run(
    `INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by)
     VALUES ($1, 'community', $2, 'owner', now(), $2)`,
    [id, user],
  );
  return id;
};

const oldDefaults = {
  ...defaultCommunitySettings,
  trustTitles: { New: 0, Stable: 10, Trusted: 50 },
};

const cases: readonly (readonly [what: string, old: unknown, settings: unknown])[] = [
  ['the defaults', oldDefaults, defaultCommunitySettings],
  ['an empty document', {}, defaultCommunitySettings],
  ['a document of something else', { theme: 'dark', trustTitles: [1] }, defaultCommunitySettings],
  [
    'settings made by hand',
    {
      minTrustToAwardTrust: { type: 'number', value: 3 },
      minTrustForWealth: { type: 'number', value: 0 },
      trustTitles: { 'Old hand': 20, Fresh: 0, Regular: 7 },
      nonContributionThresholdDays: 90,
      dashboardRefreshInterval: 60,
      metricVisibilitySettings: { showDisputeRate: false, showTrustNetwork: true },
      pollCreatorUsers: ['ada', 'nobody'],
    },
    {
      minTrustToAwardTrust: { type: 'number', value: 3 },
      minTrustForWealth: { type: 'number', value: 0 },
      trustTitles: {
        titles: [
          { name: 'Fresh', minScore: 0 },
          { name: 'Regular', minScore: 7 },
          { name: 'Old hand', minScore: 20 },
        ],
      },
      nonContributionThresholdDays: 90,
      dashboardRefreshInterval: 60,
      metricVisibilitySettings: { ...defaultCommunitySettings.metricVisibilitySettings, showDisputeRate: false },
      disputeHandlingCouncils: [],
      pollCreatorUsers: ['ada'],
    },
  ],
  [
    'values that are not valid, each in place of its default',
    {
      minTrustToAwardTrust: { type: 'number', value: 'many' },
      minTrustForWealth: { type: 'number', value: 1.5 },
      trustTitles: { Late: 5, Later: 9 },
      nonContributionThresholdDays: -1,
      dashboardRefreshInterval: 'often',
      metricVisibilitySettings: 7,
      pollCreatorUsers: 'ada',
    },
    defaultCommunitySettings,
  ],
  ['two titles of one score', { trustTitles: { One: 0, Other: 0 } }, defaultCommunitySettings],
];

describe('a community with a document of settings', () => {
  test('keeps every valid setting in its column, and gets the document back on the way down', async () => {
    await migrateUp({ ...target(), count: documentMigrations });
    await run(`INSERT INTO team.app_users (id, display_name) VALUES ($1, 'Ada')`, [user]);
    const ids: string[] = [];
    for (const [, old] of cases) ids.push(await oldCommunity(old));
    const later = await migrateUp(target());

    const database = await openTables('team-resources', fresh.url);
    const communities = createCommunities(database.connection);
    for (const [index, [what, , settings]] of cases.entries()) {
      const found = await communities.find(user, ids[index] ?? '');
      expect({ what, settings: found?.settings }).toEqual({ what, settings });
    }
    await database.close();

    await migrateDown({ ...target(), count: later.length });
    const [restored] = await run('SELECT settings FROM team.communities WHERE id = $1', [ids[3]]);
    expect(restored).toMatchObject({
      settings: { minTrustToAwardTrust: { type: 'number', value: 3 }, trustTitles: { 'Old hand': 20, Fresh: 0, Regular: 7 } },
    });
    const [first] = await run('SELECT settings FROM team.communities WHERE id = $1', [ids[0]]);
    expect(first).toEqual({ settings: oldDefaults });
  });
});
