import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { countStatements } from '@guildhall/testkit';
import type { WorkspaceStore } from '@guildhall/workspaces';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { documents, happenings, id, keys, places, users, world } from '../support/gathered-world.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

/**
 * Reads that are gathered into one statement answer what each of them answers alone, whoever asks, and whatever happened to the
 * membership, the workspace and the document.
 */

let team: TeamDatabase;
let client: Client;
let store: WorkspaceStore;
beforeAll(async () => {
  team = await openTeamDatabase();
  client = new Client({ connectionString: team.url });
  await client.connect();
  await client.query(world);
  store = createSharedWorkspaces(team.database);
});
afterAll(async () => {
  await client.end();
  await team.close();
});

const ask = fc.record({
  user: fc.constantFrom(...users),
  place: fc.constantFrom(...places),
  document: fc.constantFrom(...documents),
  key: fc.constantFrom(...keys),
});
type Ask = typeof ask extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const unfiltered = {
  filters: { q: null, language: null, tag: null, changedSince: null, changedBy: null },
  sort: 'name',
  state: null,
} as const;

const reads: Readonly<Record<string, (asked: Ask) => Promise<unknown>>> = {
  'scripts by id': ({ user, place, document }) => store.scripts.find(user, id(place), id(document)),
  'folders by id': ({ user, place, document }) => store.controlMFolders.find(user, id(place), id(document)),
  'workspaces by id': ({ user, place }) => store.findWorkspace(user, id(place)),
  'first pages of scripts': ({ user, place }) =>
    store.scripts.list(user, id(place), { ...unfiltered, page: { limit: 26, after: null } }),
  'next pages of scripts': ({ user, place, document }) =>
    store.scripts.list(user, id(place), { ...unfiltered, page: { limit: 1, after: { key: document, id: id(document) } } }),
  'places for scripts': ({ user, place, key }) => store.scripts.findCreateTarget(user, id(place), key),
};

test.each(Object.entries(reads))('%s are answered alike alone and gathered', async (_name, read) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...happenings), fc.array(ask, { minLength: 2, maxLength: 12 }), async (happening, asks) => {
      await client.query(happening);
      const { result, statements } = await countStatements(() => Promise.all(asks.map(read)));
      expect(statements).toHaveLength(1);
      const alone: unknown[] = [];
      for (const one of asks) alone.push(await read(one));
      expect(result).toEqual(alone);
    }),
    { numRuns: 30 },
  );
});

test('the callers that may read get their rows, and the others none', async () => {
  await client.query(`
    UPDATE team.resource_memberships SET deleted_at = NULL; UPDATE team.workspaces SET deleted_at = NULL;
    UPDATE team.own_roles SET deleted_at = NULL; UPDATE team.scripts SET deleted_at = NULL`);
  const found = await Promise.all(users.map((user) => store.scripts.find(user, id('workspace'), id('first'))));
  expect(found.map((answer) => answer?.item.content)).toEqual(['echo first', 'echo first', 'echo first', undefined, undefined]);
});

/** The custom plans of the gathered statement in a session that has run it for `asks` at a time, a dozen times: at most the first five are planned for their values. */
const customPlansFor = async (asks: number): Promise<number> => {
  const own = createSharedWorkspaces(team.database).scripts;
  for (let run = 0; run < 12; run += 1)
    await Promise.all(Array.from({ length: asks }, () => own.find('owner', id('workspace'), randomUUID())));
  const { customPlans } = await team.database.connection.one(sql.type(PlansRow)`
    SELECT max(custom_plans)::int8 AS custom_plans FROM pg_prepared_statements
    WHERE statement LIKE '%WITH ORDINALITY%' AND statement LIKE '%scripts%'`);
  return customPlans;
};
const PlansRow = uncheckedRow({ customPlans: Type.Integer() });

test.each([2, 3, 7, 40])('what %i ask for at a time is planned once, and not each time', async (asks) => {
  expect(await customPlansFor(asks)).toBeLessThanOrEqual(5);
});

test('an ask that the database refuses fails alone', async () => {
  const settled = await Promise.allSettled([
    store.scripts.find('owner', id('workspace'), id('first')),
    store.scripts.find('owner', id('workspace'), 'no-uuid'),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});
