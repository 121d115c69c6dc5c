import { randomUUID } from 'node:crypto';
import type { WorkspaceSync } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../services/gateway/test/support/gateway.ts';
import {
  cloneFor,
  contentsOf,
  folder,
  rowsOf,
  script,
  startSyncedCopies,
  workspaceOn,
  type SyncedCopies,
} from './synced-copies.ts';

let copies: SyncedCopies;
let token: string;

beforeAll(async () => {
  copies = await startSyncedCopies(2);
  token = await copies.member('owner');
});
afterAll(() => copies.stop());

const documents = [
  {
    kind: 'scripts',
    name: 'load.sh',
    edit: { content: 'echo 2\n', tags: ['weekly'], description: '' },
    other: { content: 'echo 3\n' },
  },
  {
    kind: 'control-m/folders',
    name: 'NIGHT',
    edit: { definition: folder('load --all') },
    other: { definition: folder('load --some') },
  },
] as const;
const idIn = ({ scriptId, folderId }: { readonly scriptId: string; readonly folderId: string }, kind: string) =>
  kind === 'scripts' ? scriptId : folderId;

describe('POST /v1/workspaces/:workspaceId/sync', () => {
  test.each(documents)(
    'carries an edit of $kind from a copy through the shared workspace into another copy',
    async ({ kind, name, edit }) => {
      const workspace = await cloneFor(copies, token);
      const { mine, shared, other } = workspace;
      const documentId = idIn(workspace, kind);
      await mine.patch(kind, documentId, { ...edit, note: 'On the train' });
      await mine.patch(kind, documentId, { name });
      const plan = await mine.plan();
      expect([rowsOf(plan), (plan.body as WorkspaceSync).unchanged]).toEqual([[`${name} push changed-here planned`], 1]);
      expect(await shared.versions(kind, documentId)).toBe(1);
      expect(rowsOf(await mine.sync())).toEqual([`${name} push changed-here done`]);
      expect(contentsOf(await shared.read(kind, documentId))).toEqual(contentsOf(await mine.read(kind, documentId)));
      expect(rowsOf(await mine.sync())).toEqual([]);
      expect(rowsOf(await other.plan())).toEqual([`${name} pull changed-there planned`]);
      expect(rowsOf(await other.sync())).toEqual([`${name} pull changed-there done`]);
      expect(contentsOf(await other.read(kind, documentId))).toEqual(contentsOf(await mine.read(kind, documentId)));
      expect(rowsOf(await other.sync())).toEqual([]);
      expect(await shared.versions(kind, documentId)).toBe(2);
      const { body } = await other.send(`/${kind}/${documentId}/versions`);
      expect((body as { items: { note: string }[] }).items[0]?.note).toBe('On the train');
    },
  );

  test.each(documents)('carries a new document of $kind under its id, its deletion and its restoration', async ({ kind }) => {
    const { mine, shared, other } = await cloneFor(copies, token);
    const body = kind === 'scripts' ? script('new') : { name: 'new', definition: folder('new') };
    const documentId = await mine.create(kind, body);
    expect(rowsOf(await mine.sync())).toEqual(['new push new-here done']);
    expect(rowsOf(await other.sync())).toEqual(['new pull new-there done']);
    expect(contentsOf(await other.read(kind, documentId))).toEqual(contentsOf(await shared.read(kind, documentId)));

    await mine.remove(kind, documentId);
    expect(rowsOf(await mine.sync())).toEqual(['new delete deleted-here done']);
    expect((await shared.read(kind, documentId)).status).toBe(404);
    expect(rowsOf(await other.sync())).toEqual(['new delete deleted-there done']);
    expect((await other.read(kind, documentId)).status).toBe(404);
    expect([rowsOf(await mine.sync()), rowsOf(await other.sync())]).toEqual([[], []]);

    await other.restore(kind, documentId);
    expect(rowsOf(await other.sync())).toEqual(['new push restored-here done']);
    expect(rowsOf(await mine.sync())).toEqual(['new pull restored-there done']);
    expect(contentsOf(await mine.read(kind, documentId))).toEqual(contentsOf(await other.read(kind, documentId)));
    expect([rowsOf(await mine.sync()), rowsOf(await other.sync())]).toEqual([[], []]);
  });

  test.each(documents)('leaves what both changed alike in $kind, and stores no version of it', async ({ kind, name, edit }) => {
    const workspace = await cloneFor(copies, token);
    const { mine, shared } = workspace;
    const documentId = idIn(workspace, kind);
    await mine.patch(kind, documentId, edit);
    await shared.patch(kind, documentId, edit);
    expect(rowsOf(await mine.sync())).toEqual([`${name} nothing changed-alike done`]);
    expect(rowsOf(await mine.sync())).toEqual([]);
    expect([await mine.versions(kind, documentId), await shared.versions(kind, documentId)]).toEqual([2, 2]);
  });

  test.each(documents)(
    'keeps both texts of $kind that both changed differently, and pushes and pulls neither',
    async ({ kind, name, edit, other }) => {
      const workspace = await cloneFor(copies, token);
      const { mine, shared } = workspace;
      const documentId = idIn(workspace, kind);
      await mine.patch(kind, documentId, edit);
      await shared.patch(kind, documentId, other);
      const before = [contentsOf(await mine.read(kind, documentId)), contentsOf(await shared.read(kind, documentId))];
      expect(rowsOf(await mine.plan())).toEqual([`${name} conflict changed-differently planned`]);
      const first = await mine.sync();
      expect(rowsOf(first)).toEqual([`${name} conflict changed-differently done`]);
      const again = await mine.sync();
      expect((again.body as WorkspaceSync).rows.map(({ conflictId }) => conflictId)).toEqual(
        (first.body as WorkspaceSync).rows.map(({ conflictId }) => conflictId),
      );
      expect([contentsOf(await mine.read(kind, documentId)), contentsOf(await shared.read(kind, documentId))]).toEqual(before);
    },
  );

  test.each(documents)(
    'resurrects no deleted document of $kind that the other side changed, and deletes no change',
    async ({ kind, name, edit }) => {
      const workspace = await cloneFor(copies, token);
      const { mine, shared, other } = workspace;
      const documentId = idIn(workspace, kind);
      await mine.patch(kind, documentId, edit);
      await other.remove(kind, documentId);
      expect(rowsOf(await other.sync())).toEqual([`${name} delete deleted-here done`]);
      expect(rowsOf(await mine.sync())).toEqual([`${name} conflict changed-here-deleted-there done`]);
      expect([(await mine.read(kind, documentId)).status, (await shared.read(kind, documentId)).status]).toEqual([200, 404]);
      await shared.restore(kind, documentId);
      await shared.patch(kind, documentId, edit);
      expect(rowsOf(await other.sync())).toEqual([`${name} pull restored-there done`]);
      expect(rowsOf(await mine.sync())).toEqual([`${name} nothing changed-alike done`]);
    },
  );

  test('merges disjoint edits of the jobs of a folder, on both sides', async () => {
    const { mine, shared, folderId } = await cloneFor(copies, token);
    await mine.patch('control-m/folders', folderId, { definition: folder('load --all') });
    await shared.patch('control-m/folders', folderId, {
      definition: folder('load', { Mail: { Type: 'Job:Command', Command: 'mail' } }),
    });
    expect(rowsOf(await mine.plan())).toEqual(['NIGHT merge changed-differently planned']);
    expect(rowsOf(await mine.sync())).toEqual(['NIGHT merge changed-differently done']);
    const merged = folder('load --all', { Mail: { Type: 'Job:Command', Command: 'mail' } });
    for (const side of [mine, shared]) {
      expect((await side.read('control-m/folders', folderId)).body).toMatchObject({ definition: merged });
    }
    // What was there before the merge is a version of the copy.
    expect(await mine.versions('control-m/folders', folderId)).toBe(4);
    expect(rowsOf(await mine.sync())).toEqual([]);
  });

  test('answers a refusal of a row, and goes on with the others', async () => {
    const { mine, shared, scriptId, folderId } = await cloneFor(copies, token);
    const viewer = await copies.member('viewer');
    await mine.patch('scripts', scriptId, { content: 'echo mine\n' });
    await shared.patch('control-m/folders', folderId, { definition: folder('load --all') });
    const answer = await mine.sync(viewer);
    expect(rowsOf(answer)).toEqual(['NIGHT pull changed-there done', 'load.sh push changed-here refused']);
    expect((answer.body as WorkspaceSync).rows.map(({ code }) => code)).toEqual([null, 'FORBIDDEN']);
    expect(rowsOf(await mine.sync())).toEqual(['load.sh push changed-here done']);
  });

  test('refuses a folder whose name another one has, until one of them is renamed', async () => {
    const { mine, shared } = await cloneFor(copies, token);
    const theirs = await shared.create('control-m/folders', { name: 'DAY', definition: folder('theirs') });
    const own = await mine.create('control-m/folders', { name: 'DAY', definition: folder('own') });
    const answer = await mine.sync();
    expect(rowsOf(answer)).toEqual(['DAY pull new-there refused', 'DAY push new-here refused']);
    expect((answer.body as WorkspaceSync).rows.map(({ code }) => code)).toEqual(['CONFLICT', 'CONFLICT']);
    await mine.patch('control-m/folders', own, { name: 'DAY_2' });
    expect(rowsOf(await mine.sync())).toEqual(['DAY pull new-there done', 'DAY_2 push new-here done']);
    expect((await mine.read('control-m/folders', theirs)).status).toBe(200);
  });

  test('deletes nothing here when the user may no longer see the workspace', async () => {
    const { id, mine, scriptId } = await cloneFor(copies, token);
    const stranger = await copies.team.issuer.sign({ userId: randomUUID() });
    for (const answer of [await mine.sync(stranger), await mine.plan(stranger)]) {
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
    expect((await mine.read('scripts', scriptId)).status).toBe(200);
    const nowhere = await workspaceOn(copies.gateways[0] as never, randomUUID(), token).send('/sync', { method: 'POST' });
    expect([nowhere.status, codeOf(nowhere)]).toEqual([404, 'NOT_FOUND']);
    const unsigned = await mine.send('/sync', { method: 'POST' });
    expect([id, unsigned.status, codeOf(unsigned)]).toEqual([id, 401, 'UNAUTHENTICATED']);
  });

  test('keeps its answers, to be read without the shared workspace', async () => {
    const { mine, scriptId } = await cloneFor(copies, token);
    await mine.patch('scripts', scriptId, { content: 'echo mine\n' });
    const { body } = await mine.sync();
    const { id } = body as WorkspaceSync;
    expect((await mine.send(`/sync/${String(id)}`)).body).toEqual({ ...(body as WorkspaceSync), unchanged: 0 });
    expect((await mine.send(`/sync/${randomUUID()}`)).status).toBe(404);
  });
});
