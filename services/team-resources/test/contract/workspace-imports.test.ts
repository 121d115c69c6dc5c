import { randomUUID } from 'node:crypto';
import type { WorkspaceRows } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { contentsOf, noRows, soloWorkspace, type SoloWorkspace } from '../support/imported-workspace.ts';
import { outboxOf } from '../support/outbox.ts';
import { admit, newPlace, type Place } from '../support/people.ts';
import { done, newUser, noSuch, problem, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

const { service, outbox } = useTeamService();

const at = (id: string) => `/internal/workspace-imports/${id}`;
const stateIs = (state: string) => ({ status: 200, etag: undefined, body: { state } });
const taken = problem(
  409,
  'CONFLICT',
  'The id of this workspace is in use in the shared database: it was shared before, or by somebody else.',
);
const idTaken = problem(
  409,
  'CONFLICT',
  'An id of this workspace belongs to something else in the shared database, or was imported with other content.',
);

/** The steps of an import by a user. */
const importing = ({ id, workspace, rows }: SoloWorkspace, communityId: string, user: User) => {
  const send = service.as(user);
  return {
    find: () => send('GET', `${at(id)}?communityId=${communityId}`),
    begin: () => send('PUT', at(id), { body: { communityId, workspace } }),
    send: (part: Partial<WorkspaceRows> = rows) => send('POST', `${at(id)}/rows`, { body: { ...noRows, ...part } }),
    complete: (body: object = contentsOf(rows)) => send('POST', `${at(id)}/complete`, { body }),
  };
};

const tables = [
  ['team.scripts', 'workspace_id = $1'],
  ['team.script_versions', 'script_id IN (SELECT id FROM team.scripts WHERE workspace_id = $1)'],
  ['team.control_m_folders', 'workspace_id = $1'],
  ['team.control_m_folder_versions', 'control_m_folder_id IN (SELECT id FROM team.control_m_folders WHERE workspace_id = $1)'],
  ['team.control_m_documents', 'workspace_id = $1'],
  [
    'team.control_m_document_versions',
    'control_m_document_id IN (SELECT id FROM team.control_m_documents WHERE workspace_id = $1)',
  ],
] as const;

/** A row with its times as they were sent. */
const inUtc = (row: object) =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]: [string, unknown]) => [
      column,
      column.endsWith('_at') && typeof value === 'string' ? new Date(value).toISOString() : value,
    ]),
  );

/** Everything that is stored of a workspace, by table and id. */
const storedOf = async (workspaceId: string): Promise<readonly unknown[]> => {
  const all = [];
  for (const [table, where] of tables) {
    const found = await outbox.run(
      `SELECT to_jsonb(stored) AS row FROM ${table} AS stored WHERE ${where.replace('$1', `'${workspaceId}'`)} ORDER BY id`,
    );
    all.push(found.map(({ row }) => inUtc(row as object)));
  }
  return all;
};

/** A row as its columns are named. */
const snakeCase = (row: object) =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]: [string, unknown]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

/** A community with a workspace that its owner is importing. */
const begun = async (): Promise<Place & { readonly solo: SoloWorkspace }> => {
  const place = await newPlace(service, ['viewer', 'member']);
  const solo = soloWorkspace();
  await importing(solo, place.id, place.owner).begin();
  return { ...place, solo };
};

describe('an import of a workspace', () => {
  test('keeps ids, versions, times, notes and tombstones, as those of the caller, and is audited once', async () => {
    const { id: communityId, owner } = await newPlace(service);
    const solo = soloWorkspace();
    const { find, begin, send, complete } = importing(solo, communityId, owner);
    expect(await find()).toEqual(stateIs('absent'));
    expect(await begin()).toEqual(stateIs('importing'));
    expect(await send()).toEqual(done);
    expect(await find()).toEqual(stateIs('importing'));
    expect(await complete()).toEqual(done);
    expect(await find()).toEqual(stateIs('complete'));

    const url = `/v1/workspaces/${solo.id}`;
    const as = service.as(owner);
    const { namingRules, ...workspace } = solo.workspace;
    const shown = { id: solo.id, mode: 'shared', communityId, ...workspace, createdBy: owner.userId };
    expect((await as('GET', url)).body).toEqual({ ...shown, createdByName: owner.displayName });
    expect((await as('GET', `/internal/workspaces/${solo.id}`)).body).toEqual({ ...shown, namingRules });
    const [kept, gone] = solo.rows.scripts;
    const { deletedAt: _kept, ...script } = kept ?? {};
    expect((await as('GET', `${url}/scripts/${kept?.id}`)).body).toMatchObject({ ...script, createdBy: owner.userId });
    expect((await as('GET', `${url}/scripts/${kept?.id}/versions`)).body).toMatchObject({
      items: [3, 2, 1].map((version) => ({ version, note: version === 1 ? '' : `Save ${version}`, createdBy: owner.userId })),
    });
    const deleted = await as('GET', `${url}/scripts?state=deleted`);
    expect(deleted.body).toMatchObject({ items: [{ id: gone?.id, version: 2 }] });
    expect((await as('GET', `${url}/control-m/export`)).body).toEqual({
      documents: [{ name: 'night.json', text: solo.rows.controlMDocuments[0]?.source }],
    });
    const events = (await outboxOf(outbox, communityId)).filter(({ action }) => action === 'workspace.share');
    const { counts, sha256 } = contentsOf(solo.rows);
    expect(events).toMatchObject([
      {
        actor: { type: 'user', id: owner.userId },
        resource: { type: 'workspace', id: solo.id, name: 'Night batch' },
        result: 'success',
        changes: [...Object.entries(counts), ['sha256', sha256]].map(([field, after]) => ({ path: `/${field}`, after })),
      },
    ]);
  });

  test('is copied without its naming rules by who may not read Control-M', async () => {
    const { id: communityId, owner, members } = await newPlace(service, ['member']);
    const [member = newUser()] = members;
    const solo = soloWorkspace();
    const { begin, send, complete } = importing(solo, communityId, owner);
    await begin();
    await send();
    await complete();
    const [asOwner, community] = [service.as(owner), `/v1/communities/${communityId}`];
    const role = await asOwner('POST', `${community}/roles`, { body: { name: 'Reader', permissions: ['workspace:read'] } });
    const { id: ownRoleId } = role.body as { readonly id: string };
    const change = { body: { ownRoleId }, ifMatch: 1 };
    expect((await asOwner('PATCH', `${community}/members/${member.userId}`, change)).status).toBe(200);
    const copied = await service.as(member)('GET', `/internal/workspaces/${solo.id}`);
    expect(copied).toMatchObject({ status: 200, body: { ...solo.workspace, namingRules: [] } });
  });

  test('stores every byte and time as it was sent', async () => {
    const { id: communityId, owner } = await newPlace(service);
    const solo = soloWorkspace();
    const { begin, send } = importing(solo, communityId, owner);
    await begin();
    await send();
    const stored = await storedOf(solo.id);
    const sent = Object.values(solo.rows).map((rows) =>
      rows.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map(snakeCase),
    );
    expect(stored).toMatchObject(sent);
  });

  test('is seen by nobody until it is complete, not among deleted workspaces either, and cannot be restored', async () => {
    const { id: communityId, owner } = await newPlace(service);
    const solo = soloWorkspace();
    const { begin, send, complete } = importing(solo, communityId, owner);
    await begin();
    await send();
    const as = service.as(owner);
    const none = { status: 200, etag: undefined, body: { items: [], nextCursor: null } };
    const lists = ['', '?state=deleted'].map((query) => `/v1/communities/${communityId}/workspaces${query}`);
    for (const list of lists) expect(await as('GET', list)).toEqual(none);
    expect((await as('GET', '/v1/workspaces?state=deleted')).body).toMatchObject({ items: [] });
    expect(await as('GET', `/v1/workspaces/${solo.id}`)).toEqual(noSuch('workspace'));
    expect(await as('POST', `/v1/workspaces/${solo.id}/restore`)).toEqual(noSuch('workspace'));
    expect(await as('GET', `/v1/workspaces/${solo.id}/scripts`)).toEqual(noSuch('workspace'));
    await complete();
    expect((await as('GET', lists[0] ?? '')).body).toMatchObject({ items: [{ id: solo.id }] });
  });

  test('may be repeated at every step, and once complete changes nothing any more', async () => {
    const { id: communityId, owner } = await newPlace(service);
    const solo = soloWorkspace();
    const { begin, send, complete } = importing(solo, communityId, owner);
    await begin();
    await send({ scripts: solo.rows.scripts });
    await send();
    const before = await storedOf(solo.id);
    await begin();
    await send();
    await send({ controlMFolders: solo.rows.controlMFolders });
    expect(await storedOf(solo.id)).toEqual(before);
    expect(await complete()).toEqual(done);
    expect(await begin()).toEqual(stateIs('complete'));
    expect(await send()).toEqual(noSuch('import'));
    expect(await complete()).toEqual(done);
    expect(await complete({ ...contentsOf(solo.rows), sha256: '0'.repeat(64) })).toEqual(
      problem(409, 'CONFLICT', 'This workspace was shared already, with other rows.'),
    );
    expect(await storedOf(solo.id)).toEqual(before);
    expect((await outboxOf(outbox, communityId)).filter(({ action }) => action === 'workspace.share')).toHaveLength(1);
  });

  test('goes on with what was edited since, exchanged names included, and an older batch that comes late is refused', async () => {
    const { id: communityId, owner } = await newPlace(service);
    const solo = soloWorkspace();
    const first = importing(solo, communityId, owner);
    await first.begin();
    await first.send();
    const [night, formerNight] = solo.rows.controlMFolders;
    const [imported, formerImport] = solo.rows.controlMDocuments;
    if (night === undefined || formerNight === undefined) throw new Error('There are two folders.');
    if (imported === undefined || formerImport === undefined) throw new Error('There are two documents.');
    const edited = {
      ...solo,
      rows: {
        ...solo.rows,
        controlMFolders: [
          { ...night, version: 2, deletedAt: night.updatedAt },
          { ...formerNight, version: 3, deletedAt: null },
        ],
        controlMDocuments: [
          { ...formerImport, version: 3, deletedAt: null },
          { ...imported, version: 3, deletedAt: imported.updatedAt },
        ],
      },
    };
    const second = importing(edited, communityId, owner);
    expect(await second.complete()).toEqual(
      problem(409, 'CONFLICT', 'Other rows were imported than those of this workspace: share it again.'),
    );
    await second.begin();
    expect(await second.send()).toEqual(done);
    expect(await first.send()).toEqual(idTaken);
    expect(await second.complete()).toEqual(done);
  });

  test('moves to another community while it goes on', async () => {
    const [one, other] = [await newPlace(service), await newPlace(service)];
    const solo = soloWorkspace();
    const first = importing(solo, one.id, one.owner);
    await first.begin();
    await first.send();
    await admit(service, other.owner, other.id, 'member', one.owner);
    const second = importing(solo, other.id, one.owner);
    expect(await second.begin()).toEqual(stateIs('importing'));
    await second.send();
    expect(await second.complete()).toEqual(done);
    expect((await service.as(one.owner)('GET', `/v1/workspaces/${solo.id}`)).body).toMatchObject({ communityId: other.id });
    expect(await first.find()).toEqual(taken);
  });
});

describe('an import is refused', () => {
  test('to strangers with 404, to who may not create in the community with 403, which is audited', async () => {
    const { id, members } = await newPlace(service, ['viewer']);
    const solo = soloWorkspace();
    const stranger = importing(solo, id, newUser());
    expect([await stranger.find(), await stranger.begin()]).toEqual([noSuch('community'), noSuch('community')]);
    const viewer = importing(solo, id, members[0] ?? newUser());
    const forbidden = problem(403, 'FORBIDDEN', 'Your role here, viewer, does not include workspace:create.');
    expect([await viewer.find(), await viewer.begin()]).toEqual([forbidden, forbidden]);
    const denied = (await outboxOf(outbox, id)).filter(({ result }) => result === 'denied');
    expect(denied).toMatchObject([{ action: 'workspace.share', resource: { type: 'workspace', id: solo.id } }]);
  });

  test('to everyone but who began it', async () => {
    const { id, solo, members } = await begun();
    const other = importing(solo, id, members[1] ?? newUser());
    expect([await other.find(), await other.begin()]).toEqual([taken, taken]);
    expect([await other.send(), await other.complete()]).toEqual([noSuch('import'), noSuch('import')]);
  });

  test('for the id of a workspace that was not imported', async () => {
    const { id, owner } = await newPlace(service);
    const made = await service.as(owner)('POST', `/v1/communities/${id}/workspaces`, { body: { name: 'w' } });
    const { begin } = importing({ ...soloWorkspace(), id: (made.body as { id: string }).id }, id, owner);
    expect(await begin()).toEqual(taken);
  });

  test('when ids of rows belong to another workspace, and stores nothing of the batch', async () => {
    const [first, second] = [await begun(), await begun()];
    await importing(first.solo, first.id, first.owner).send();
    const { send } = importing(second.solo, second.id, second.owner);
    const stolen = Object.entries(first.solo.rows).map(([kind, rows]) => ({ [kind]: rows }));
    const { scripts } = first.solo.rows;
    for (const part of stolen) expect(await send(part)).toEqual(idTaken);
    expect(await send({ scripts: [...second.solo.rows.scripts, ...scripts] })).toEqual(idTaken);
    expect(await storedOf(second.solo.id)).toEqual([[], [], [], [], [], []]);
  });

  test('when a version is sent under another id, or an id stands twice', async () => {
    const { id, owner, solo } = await begun();
    const { send } = importing(solo, id, owner);
    await send();
    const renumbered = solo.rows.scriptVersions.map((version) => ({ ...version, id: randomUUID() }));
    expect(await send({ scriptVersions: renumbered })).toEqual(idTaken);
    const [script] = solo.rows.scripts;
    const twice = problem(400, 'INVALID', 'An id stands twice in scripts.');
    expect(await send({ scripts: script === undefined ? [] : [script, script] })).toEqual(twice);
  });

  test('for who was removed from the community since, at every step', async () => {
    const { id, owner, members } = await newPlace(service, ['member']);
    const [member = newUser()] = members;
    const solo = soloWorkspace();
    const { begin, send, complete } = importing(solo, id, member);
    expect(await begin()).toEqual(stateIs('importing'));
    await service.as(owner)('DELETE', `/v1/communities/${id}/members/${member.userId}`);
    expect([await begin(), await send(), await complete()]).toEqual([noSuch('community'), noSuch('import'), noSuch('import')]);
  });
});
