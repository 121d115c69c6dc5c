import { planSync, resolveConflict, syncWorkspace, undoSync, type DocumentId } from '@guildhall/workspaces';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalOf, type World } from './replica-histories.ts';
import { startReplicas, type Replica } from './replicas.ts';
import { edited, folderOf, valueOf } from './synced-values.ts';

/** Folders whose names go round among them: no database would take one of the names before the others are given up. */
let world: World;
beforeAll(async () => {
  world = await startReplicas();
});
afterAll(() => world.stop());

const names = ['DAY', 'NIGHT', 'WEEK'];

const start = async (count: number, machines = 2) => {
  const documents = names.slice(0, count).map((name) => folderOf(name, [name, 'print', 'mail']));
  const { ids, replicas, workspaceId } = await world.copies(machines, documents);
  const [mine, other] = replicas;
  if (mine === undefined) throw new Error('There is a machine.');
  return { ids, mine, other: other ?? mine, workspaceId };
};

const rename = (replica: Replica, id: DocumentId, name: string): void => {
  const document = replica.read(id);
  if (document !== null) replica.save(id, { ...document, name });
};

/** Gives each folder the name of the one behind it, by way of a name that none has. */
const rotate = (replica: Replica, ids: readonly DocumentId[]): void => {
  const [first] = ids;
  if (first === undefined) return;
  const taken = ids.map((id) => replica.read(id)?.name ?? '');
  rename(replica, first, 'BETWEEN');
  for (const [index, id] of ids.toReversed().entries()) rename(replica, id, taken[(ids.length - index) % ids.length] ?? '');
};

const namesOn = (replica: Replica, ids: readonly DocumentId[]) => ids.map((id) => replica.read(id)?.name);
const namesThere = async (ids: readonly DocumentId[]) => {
  const found = await Promise.all(ids.map((id) => world.shared.find(id)));
  return found.map((one) => [one?.document.name, one?.version]);
};
const rowsOf = async (replica: Replica, workspaceId: string) =>
  (await syncWorkspace(replica.parts, workspaceId)).rows.map(({ action, state }) => `${action} ${state}`);

describe('names of folders that go round', () => {
  test.each([2, 3])('among %i folders go into the shared workspace, into another copy, and back', async (count) => {
    const { ids, mine, other, workspaceId } = await start(count);
    const before = namesOn(mine, ids);
    rotate(mine, ids);
    const after = namesOn(mine, ids);
    expect(after).not.toEqual(before);
    const { sync } = await syncWorkspace(mine.parts, workspaceId);
    expect(await namesThere(ids)).toEqual(after.map((name) => [name, 2]));
    const pulled = await syncWorkspace(other.parts, workspaceId);
    expect(pulled.rows.map(({ action, state }) => `${action} ${state}`)).toEqual(ids.map(() => 'pull done'));
    expect(namesOn(other, ids)).toEqual(after);

    const kept = await undoSync(other.parts, workspaceId, pulled.sync?.id ?? '');
    expect(kept.rows.map(({ state }) => state)).toEqual(ids.map(() => 'undone'));
    expect(namesOn(other, ids)).toEqual(before);
    expect(await rowsOf(other, workspaceId)).toEqual(ids.map(() => 'pull done'));
    await undoSync(mine.parts, workspaceId, sync?.id ?? '');
    expect(await namesThere(ids)).toEqual(before.map((name) => [name, 3]));
    expect(namesOn(mine, ids)).toEqual(after);
    expect(await rowsOf(mine, workspaceId)).toEqual(ids.map(() => 'push done'));
    for (const replica of [mine, other]) expect((await planSync(replica.parts, workspaceId)).remaining).toBe(0);
  });

  test('are each taken when the one before has given it up, without a name between them', async () => {
    const { ids, mine, workspaceId } = await start(3, 1);
    rename(mine, ids[2] as DocumentId, 'YEAR');
    rename(mine, ids[1] as DocumentId, 'WEEK');
    rename(mine, ids[0] as DocumentId, 'NIGHT');
    expect(await rowsOf(mine, workspaceId)).toEqual(ids.map(() => 'push done'));
    expect(await namesThere(ids)).toEqual(['NIGHT', 'WEEK', 'YEAR'].map((name) => [name, 2]));
  });

  test.each(['here', 'there'])('%s are merged with what the other side edited', async (place) => {
    const { ids, mine, other, workspaceId } = await start(2);
    const [renaming, editing] = place === 'here' ? [mine, other] : [other, mine];
    rotate(renaming, ids);
    const edit = edited(editing.read(ids[0] as DocumentId) ?? folderOf('', []), 'edited', 1);
    editing.save(ids[0] as DocumentId, edit);
    await syncWorkspace(other.parts, workspaceId);
    expect((await rowsOf(mine, workspaceId)).toSorted()).toEqual(['merge done', place === 'here' ? 'push done' : 'pull done']);
    expect(namesOn(mine, ids)).toEqual(['NIGHT', 'DAY']);
    expect((await namesThere(ids)).map(([name]) => name)).toEqual(['NIGHT', 'DAY']);
    expect(valueOf(mine.read(ids[0] as DocumentId))).toBe(valueOf({ ...edit, name: 'NIGHT' }));
    expect(await rowsOf(mine, workspaceId)).toEqual([]);
  });

  test.each(['before', 'behind'] as const)('are pushed once when the push was cut off %s its arrival', async (place) => {
    const { ids, mine, workspaceId } = await start(3, 1);
    rotate(mine, ids);
    mine.cut = { after: 0, place };
    expect(await refusalOf(() => syncWorkspace(mine.parts, workspaceId))).toBe('SERVICE_UNAVAILABLE');
    expect((await namesThere(ids)).map(([, version]) => version)).toEqual(ids.map(() => (place === 'before' ? 1 : 2)));
    expect(await rowsOf(mine, workspaceId)).toEqual(ids.map(() => 'push done'));
    expect(await namesThere(ids)).toEqual(namesOn(mine, ids).map((name) => [name, 2]));
  });

  test('are pushed all or none, and a conflict of one is resolved while another has its old name', async () => {
    const { ids, mine, other, workspaceId } = await start(2);
    rotate(mine, ids);
    other.save(ids[0] as DocumentId, folderOf('DAY', ['theirs', 'print', 'mail']));
    await syncWorkspace(other.parts, workspaceId);
    mine.save(ids[0] as DocumentId, folderOf('NIGHT', ['mine', 'print', 'mail']));
    // The one is a conflict, and keeps its name there: the other cannot have it yet.
    const rows = (await syncWorkspace(mine.parts, workspaceId)).rows;
    expect(rows.map(({ action, state }) => `${action} ${state}`).toSorted()).toEqual(['conflict done', 'push refused']);
    const conflictId = rows.flatMap((row) => ('conflictId' in row && row.conflictId !== null ? [row.conflictId] : []))[0] ?? '';
    resolveConflict(mine.parts, { workspaceId, conflictId, take: 'mine', merged: undefined });
    expect(await rowsOf(mine, workspaceId)).toEqual(ids.map(() => 'push done'));
    expect((await namesThere(ids)).map(([name]) => name)).toEqual(['NIGHT', 'DAY']);
  });
});
