import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, Script } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { countStatements } from '@guildhall/testkit';
import type { SaveWrite, ScriptStore } from '@guildhall/workspaces';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScriptStore } from '../../src/store/scripts.ts';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { documents, happenings, id, keys, places, users, world } from '../support/gathered-world.ts';
import { openTeamDatabase, type TeamDatabase } from '../support/team-database.ts';

/**
 * Writes that are gathered into one statement are answered and stored as each of them alone is, whoever makes them, and whatever
 * happened to the membership, the workspace, the document and the key.
 */

interface Side {
  readonly team: TeamDatabase;
  readonly client: Client;
  readonly store: Pick<ScriptStore, 'insert' | 'save'>;
}

const openSide = async (storeOn: (team: TeamDatabase) => Side['store']): Promise<Side> => {
  const team = await openTeamDatabase();
  const client = new Client({ connectionString: team.url });
  await client.connect();
  await client.query(world);
  return { team, client, store: storeOn(team) };
};

let gathered: Side;
let alone: Side;
beforeAll(async () => {
  gathered = await openSide(({ database }) => createSharedWorkspaces(database).scripts);
  alone = await openSide(({ database }) => createScriptStore(database.connection));
});
afterAll(async () => {
  for (const { client, team } of [gathered, alone]) {
    await client.end();
    await team.close();
  }
});

const content = fc.constantFrom<string>('', 'echo "it\'s {done}"\n', 'Übergabe, \\, "NULL"', 'x'.repeat(20_000));
const draft = fc.record({
  user: fc.constantFrom(...users),
  place: fc.constantFrom(...places),
  name: fc.constantFrom<string>('Night', '{a,b}'),
  tags: fc.constantFrom<string[]>([], ['a "b"', 'c,d']),
  content,
  note: fc.constantFrom<string>('', 'why'),
});
/** A creation: under a key of its own or none, and at times with the id of what is there. */
const creation = fc.record({
  kind: fc.constant('insert' as const),
  draft,
  key: fc.constantFrom<string | undefined>(...keys, 'fresh'),
  document: fc.constantFrom('new', 'new', 'new', 'first'),
});
/** An edit, over the stored version or over one that has moved. */
const edit = fc.record({
  kind: fc.constant('save' as const),
  draft,
  document: fc.constantFrom(...documents),
  behind: fc.constantFrom(0, 0, 1),
});
type Asked =
  | (typeof creation extends fc.Arbitrary<infer Drawn> ? Drawn : never)
  | (typeof edit extends fc.Arbitrary<infer Drawn> ? Drawn : never);

/** Writes of which two may be made at a time: none has the row or the key of another. */
const conflictOf = (asked: Asked): unknown => {
  if (asked.kind === 'save' || asked.document === 'first') return asked.document;
  return asked.key === undefined ? asked : `${asked.draft.user} ${asked.key}`;
};
const writes = fc.uniqueArray(fc.oneof(creation, edit), { minLength: 2, maxLength: 12, selector: conflictOf });

const at = '2026-01-02T03:04:05.678Z';
const scriptOf = (asked: Asked, scriptId: string, version: number): Script => ({
  id: scriptId,
  workspaceId: id(asked.draft.place),
  name: asked.draft.name,
  language: 'shell',
  description: '',
  tags: asked.draft.tags,
  content: asked.draft.content,
  sizeBytes: Buffer.byteLength(asked.draft.content),
  sha256: 'a'.repeat(64),
  createdBy: asked.draft.user,
  createdByName: asked.draft.user,
  version,
  createdAt: at,
  updatedAt: at,
});

const eventOf = ({ kind, draft: { user } }: Asked, resource: Script): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: user },
    action: kind === 'insert' ? 'script.create' : 'script.update',
    resource: { type: 'script', id: resource.id, name: resource.name },
    communityId: id('community'),
    result: 'success',
    requestId: randomUUID(),
    service: 'team-resources',
  },
});

/** A write, to be made on each side. */
const writeOf = (asked: Asked, versions: ReadonlyMap<string, number>) => {
  const isNew = asked.kind === 'insert' && asked.document === 'new';
  const scriptId = isNew ? randomUUID() : id(asked.document);
  const version = asked.kind === 'insert' ? 1 : (versions.get(scriptId) ?? 1) + 1 - asked.behind;
  const script = scriptOf(asked, scriptId, version);
  const permission = asked.kind === 'insert' ? 'script:create' : 'script:update';
  const { user: userId, note } = asked.draft;
  const write: SaveWrite = {
    userId,
    permission,
    event: eventOf(asked, script),
    note,
    restoredFrom: null,
    versionId: randomUUID(),
  };
  const remembered =
    asked.kind === 'insert' && asked.key !== undefined ? { key: asked.key, requestHash: 'hash', body: script } : null;
  return async ({ store }: Side): Promise<unknown> => {
    try {
      return await (asked.kind === 'insert' ? store.insert(script, write, remembered) : store.save(script, write));
    } catch (error) {
      return isAppError(error) ? error.code : error;
    }
  };
};

/** All that writes of scripts store, without what the database's clock says. */
const stored = async ({ client }: Side): Promise<unknown> => {
  const reads = [
    'SELECT * FROM team.script_versions ORDER BY id',
    'SELECT id, workspace_id, name, language, description, tags, content, size_bytes, sha256, created_by, version, deleted_at IS NULL AS is_there FROM team.scripts ORDER BY id',
    'SELECT id, shard, kind, payload, occurred_at, traceparent FROM team.outbox_events ORDER BY id',
    'SELECT * FROM team.activities ORDER BY id',
    'SELECT principal_id, key, request_hash, answer, expires_at > now() AS is_valid FROM team.idempotency_keys ORDER BY principal_id, key',
  ];
  const tables: unknown[] = [];
  for (const read of reads) tables.push((await client.query(read)).rows);
  return tables;
};

const versionsOf = async ({ client }: Side): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await client.query<{ id: string; version: string }>('SELECT id, version FROM team.scripts');
  return new Map(rows.map((row) => [row.id, Number(row.version)]));
};

test('gathered writes are answered and stored as each of them alone is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...happenings), writes, async (happening, asked) => {
      for (const { client } of [gathered, alone]) {
        await client.query(happening);
        await client.query(`DELETE FROM team.idempotency_keys WHERE key IN ('fresh', 'unused')`);
      }
      const versions = await versionsOf(alone);
      const made = asked.map((one) => writeOf(one, versions));
      const expected: unknown[] = [];
      for (const make of made) expected.push(await make(alone));
      expect(await Promise.all(made.map((make) => make(gathered)))).toEqual(expected);
      expect(await stored(gathered)).toEqual(await stored(alone));
    }),
    { numRuns: 30 },
  );
});

const creationIn = (place: (typeof places)[number], key?: string): Asked => ({
  kind: 'insert',
  key,
  document: 'new',
  draft: { user: 'owner', place, name: 'Night', tags: [], content: 'echo', note: '' },
});

test('32 creations at a time are at most 3 statements, and one of a key that is used at a time makes nothing', async () => {
  await gathered.client.query(`
    UPDATE team.resource_memberships SET deleted_at = NULL; UPDATE team.workspaces SET deleted_at = NULL; DELETE FROM team.scripts`);
  const made = Array.from({ length: 32 }, () => writeOf(creationIn('workspace'), new Map()));
  const { result, statements } = await countStatements(() => Promise.all(made.map((make) => make(gathered))));
  expect(result).toEqual(made.map(() => true));
  expect(statements.length).toBeLessThanOrEqual(3);

  const twice = [1, 2, 3].map(() => writeOf(creationIn('workspace', 'twice'), new Map()));
  const answers = await Promise.all(twice.map((make) => make(gathered)));
  expect(answers.filter((isMade) => isMade === true)).toHaveLength(1);
  expect((await versionsOf(gathered)).size).toBe(33);
});

test('of two edits of one version at a time one is made', async () => {
  await gathered.client.query(`UPDATE team.scripts SET deleted_at = NULL; UPDATE team.workspaces SET deleted_at = NULL`);
  const [scriptId = ''] = [...(await versionsOf(gathered)).keys()];
  const base = creationIn('workspace');
  const edits = ['one', 'other', 'third'].map((name) => {
    const script = { ...scriptOf({ ...base, draft: { ...base.draft, name } }, scriptId, 2) };
    const write = { userId: 'owner', permission: 'script:update', note: '', restoredFrom: null } as const;
    return gathered.store.save(script, { ...write, event: eventOf(base, script) });
  });
  expect((await Promise.all(edits)).filter(Boolean)).toHaveLength(1);
  const { rows } = await gathered.client.query('SELECT version FROM team.script_versions WHERE script_id = $1 ORDER BY version', [
    scriptId,
  ]);
  expect(rows).toEqual([{ version: '1' }, { version: '2' }]);
});
