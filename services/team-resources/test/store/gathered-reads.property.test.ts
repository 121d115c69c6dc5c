import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { countStatements } from '@guildhall/testkit';
import type { WorkspaceStore } from '@guildhall/workspaces';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

/**
 * Reads that are gathered into one statement answer what each of them answers alone, whoever asks, and whatever happened to the
 * membership, the workspace and the document.
 */

const users = ['owner', 'viewer', 'reader', 'voter', 'stranger'] as const;
const places = ['workspace', 'other', 'apart', 'unknown'] as const;
const documents = ['first', 'second', 'elsewhere', 'unknown'] as const;
const keys = [undefined, 'used', 'expired', 'unused'] as const;

const names = [...places, ...documents, 'community', 'foreign', 'reading', 'voting'];
const ids = new Map<string, string>(names.map((name) => [name, randomUUID()]));
const id = (name: string): string => ids.get(name) ?? name;

const ownRole = (name: string, permission: string): string => `
  INSERT INTO team.own_roles (id, community_id, name, description, permissions, rank, created_by)
  VALUES ('${id(name)}', '${id('community')}', '${name}', '', ARRAY['${permission}'], 'viewer', 'owner');`;
const member = (user: string, role: string, { community = 'community', own = '' } = {}): string => `
  INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, own_role_id, joined_at, created_by)
  VALUES ('${id(community)}', 'community', '${user}', '${role}', ${own === '' ? 'NULL' : `'${id(own)}'`}, now(), 'owner');`;
const documentIn = (workspace: string, name: string): string => `
  INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by)
  VALUES ('${id(name)}', '${id(workspace)}', '${name}', 'shell', 'echo ${name}', 'owner');
  INSERT INTO team.control_m_folders (id, workspace_id, name, definition, job_count, created_by)
  VALUES ('${id(name)}', '${id(workspace)}', '${name}', '{}', 0, 'viewer');`;

const world = [
  ...users.map((user) => `INSERT INTO team.app_users (id, display_name) VALUES ('${user}', 'The ${user}');`),
  ...['community', 'foreign'].map(
    (name) => `INSERT INTO team.communities (id, name, created_by) VALUES ('${id(name)}', '${name}', 'owner');`,
  ),
  ownRole('reading', 'script:read'),
  ownRole('voting', 'poll:vote'),
  member('owner', 'owner'),
  member('viewer', 'viewer'),
  member('reader', 'viewer', { own: 'reading' }),
  member('voter', 'viewer', { own: 'voting' }),
  member('viewer', 'admin', { community: 'foreign' }),
  ...[
    ['workspace', 'community'],
    ['other', 'community'],
    ['apart', 'foreign'],
  ].map(
    ([name = '', community = '']) =>
      `INSERT INTO team.workspaces (id, community_id, name, created_by) VALUES ('${id(name)}', '${id(community)}', '${name}', 'owner');`,
  ),
  documentIn('workspace', 'first'),
  documentIn('workspace', 'second'),
  documentIn('apart', 'elsewhere'),
  `INSERT INTO team.idempotency_keys (principal_id, key, request_hash, answer, expires_at)
   VALUES ('owner', 'used', 'hash', '{"status":201,"body":{"id":"x"}}', now() + interval '1 day'),
          ('owner', 'expired', 'hash', '{"status":201,"body":{"id":"x"}}', now() - interval '1 day');`,
].join('\n');

/** Deletes a row softly, or undoes it. */
const turn = (table: string, condition: string): string =>
  `UPDATE team.${table} SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE ${condition}`;
const happenings = [
  'SELECT 1',
  turn('resource_memberships', `user_id = 'viewer' AND resource_id = '${id('community')}'`),
  turn('communities', `id = '${id('foreign')}'`),
  turn('workspaces', `id = '${id('workspace')}'`),
  turn('own_roles', `id = '${id('reading')}'`),
  turn('scripts', `id = '${id('first')}'`),
  turn('control_m_folders', `id = '${id('second')}'`),
  `UPDATE team.scripts SET version = version + 1, content = content || '.' WHERE id = '${id('second')}'`,
  `UPDATE team.resource_memberships SET role = CASE role WHEN 'viewer' THEN 'member' ELSE 'viewer' END WHERE user_id = 'viewer'`,
];

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
