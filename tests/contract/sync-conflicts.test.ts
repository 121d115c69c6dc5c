import { randomUUID } from 'node:crypto';
import type { WorkspaceSync } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../services/gateway/test/support/gateway.ts';
import { cloneFor, contentsOf, folder, rowsOf, script, startSyncedCopies, type SyncedCopies } from './synced-copies.ts';

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
    mine: { content: 'echo mine\n', tags: ['mine'] },
    theirs: { content: 'echo theirs\n', tags: ['theirs'] },
    merged: { kind: 'script', name: 'load.sh', language: 'shell', description: '', tags: [], content: 'echo both\n' },
    contents: { name: 'load.sh', language: 'shell', description: '', tags: [], content: 'echo both\n', definition: undefined },
  },
  {
    kind: 'control-m/folders',
    name: 'NIGHT',
    mine: { definition: folder('mine') },
    theirs: { definition: folder('theirs') },
    merged: { kind: 'control-m-folder', name: 'NIGHT', definition: JSON.stringify(folder('both')) },
    contents: { name: 'NIGHT', definition: folder('both') },
  },
] as const;
type Case = (typeof documents)[number];

/** A document that was changed differently in the copy and in the shared workspace. */
const conflicted = async ({ kind, mine: own, theirs }: Case) => {
  const workspace = await cloneFor(copies, token);
  const documentId = kind === 'scripts' ? workspace.scriptId : workspace.folderId;
  await workspace.mine.patch(kind, documentId, own);
  await workspace.shared.patch(kind, documentId, theirs);
  const { body } = await workspace.mine.sync();
  const conflictId = String((body as WorkspaceSync).rows[0]?.conflictId);
  const resolve = (choice: object) => workspace.mine.send(`/conflicts/${conflictId}/resolve`, { method: 'POST', body: choice });
  return { ...workspace, documentId, conflictId, resolve };
};

describe('/v1/workspaces/:workspaceId/conflicts', () => {
  test.each(documents)('lists and reads a conflict of $kind with its three texts', async (given) => {
    const { mine, documentId, conflictId } = await conflicted(given);
    const { body: page } = await mine.send('/conflicts');
    expect(page).toMatchObject({
      items: [{ id: conflictId, documentId, reason: 'changed-differently', resolution: null }],
      nextCursor: null,
    });
    expect((page as { items: object[] }).items[0]).not.toHaveProperty('mine');
    expect((await mine.send('/conflicts?state=closed')).body).toEqual({ items: [], nextCursor: null });
    const { body } = await mine.send(`/conflicts/${conflictId}`);
    const { base, mine: own, theirs, pointers } = body as Record<string, Record<string, string>>;
    const text = given.kind === 'scripts' ? 'content' : 'definition';
    expect([base, own, theirs].map((document) => /load|mine|theirs/.exec(document?.[text] ?? '')?.[0])).toEqual([
      given.kind === 'scripts' ? undefined : 'load',
      'mine',
      'theirs',
    ]);
    expect(pointers).toEqual(given.kind === 'scripts' ? [] : ['/Load/Command']);
    expect((await mine.send(`/conflicts/${randomUUID()}`)).status).toBe(404);
  });

  test.each(documents)('resolves a conflict of $kind by the own text, and the next synchronisation pushes it', async (given) => {
    const { mine, shared, documentId, resolve } = await conflicted(given);
    const before = contentsOf(await mine.read(given.kind, documentId));
    expect((await resolve({ take: 'mine' })).body).toMatchObject({ resolution: 'mine' });
    expect((await resolve({ take: 'mine' })).status).toBe(200);
    expect(rowsOf(await mine.sync())).toEqual([`${given.name} push changed-here done`]);
    expect(contentsOf(await shared.read(given.kind, documentId))).toEqual(before);
    // Their text is a version of the copy, too.
    expect(await mine.versions(given.kind, documentId)).toBe(4);
    expect((await mine.send('/conflicts')).body).toMatchObject({ items: [] });
  });

  test.each(documents)('resolves a conflict of $kind by their text, and nothing is left to do', async (given) => {
    const { mine, shared, documentId, resolve } = await conflicted(given);
    expect((await resolve({ take: 'theirs' })).body).toMatchObject({ resolution: 'theirs' });
    expect(contentsOf(await mine.read(given.kind, documentId))).toEqual(contentsOf(await shared.read(given.kind, documentId)));
    expect(rowsOf(await mine.sync())).toEqual([]);
    const again = await resolve({ take: 'mine' });
    expect([again.status, codeOf(again)]).toEqual([409, 'CONFLICT']);
  });

  test.each(documents)('resolves a conflict of $kind by a merged text, which both sides then have', async (given) => {
    const { mine, shared, documentId, resolve } = await conflicted(given);
    expect((await resolve({ take: 'merged', document: given.merged })).body).toMatchObject({ resolution: 'merged' });
    expect(rowsOf(await mine.sync())).toEqual([`${given.name} push changed-here done`]);
    for (const side of [mine, shared]) expect(contentsOf(await side.read(given.kind, documentId))).toMatchObject(given.contents);
  });

  test.each(documents)('refuses choices that do not fit a conflict of $kind, and changes nothing', async (given) => {
    const { mine, documentId, resolve } = await conflicted(given);
    const other = documents.find(({ kind }) => kind !== given.kind)?.merged;
    for (const choice of [
      { take: 'merged' },
      { take: 'mine', document: given.merged },
      { take: 'merged', document: other },
      { take: 'none' },
    ]) {
      const answer = await resolve(choice);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'INVALID']);
    }
    expect(await mine.versions(given.kind, documentId)).toBe(2);
    await mine.patch(given.kind, documentId, given.theirs);
    const stale = await resolve({ take: 'mine' });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'CONFLICT']);
    expect(rowsOf(await mine.sync())).toEqual([`${given.name} nothing changed-alike done`]);
    expect((await mine.send('/conflicts?state=closed')).body).toMatchObject({ items: [{ resolution: 'withdrawn' }] });
  });

  test.each(['mine', 'theirs'] as const)('resolves a deletion against a change by %s', async (take) => {
    const { mine, shared, scriptId } = await cloneFor(copies, token);
    await mine.patch('scripts', scriptId, { content: 'echo mine\n' });
    await shared.remove('scripts', scriptId);
    const { body } = await mine.sync();
    const conflictId = String((body as WorkspaceSync).rows[0]?.conflictId);
    expect((await mine.send(`/conflicts/${conflictId}`)).body).toMatchObject({
      theirs: null,
      reason: 'changed-here-deleted-there',
    });
    await mine.send(`/conflicts/${conflictId}/resolve`, { method: 'POST', body: { take } });
    expect(rowsOf(await mine.sync())).toEqual(take === 'mine' ? ['load.sh push restored-here done'] : []);
    const status = take === 'mine' ? 200 : 404;
    expect([(await mine.read('scripts', scriptId)).status, (await shared.read('scripts', scriptId)).status]).toEqual([
      status,
      status,
    ]);
  });
});

describe('POST /v1/workspaces/:workspaceId/sync/:syncId/undo', () => {
  test('gives both sides back what they had, and the next plan is the one of before', async () => {
    const { mine, shared, scriptId, folderId, others, undo } = await cloneFor(copies, token, ['a.sh', 'b.sh', 'c.sh', 'd.sh']);
    const [a = '', b = '', c = '', d = ''] = others;
    await mine.patch('scripts', a, { content: 'echo mine\n' });
    await mine.remove('scripts', b);
    await shared.patch('scripts', c, { content: 'echo theirs\n', tags: ['theirs'] });
    await shared.remove('scripts', d);
    await mine.create('scripts', script('own.sh'));
    await shared.create('scripts', script('their.sh'));
    await mine.patch('scripts', scriptId, { content: 'echo mine\n' });
    await shared.patch('scripts', scriptId, { content: 'echo theirs\n' });
    await mine.patch('control-m/folders', folderId, { definition: folder('load --all') });
    await shared.patch('control-m/folders', folderId, { definition: folder('load', { Mail: { Type: 'Job:Dummy' } }) });

    const look = async () => {
      const ids = [scriptId, ...others].map((id) => ['scripts', id] as const);
      const answers = [];
      for (const [kind, id] of [...ids, ['control-m/folders', folderId] as const]) {
        for (const side of [mine, shared]) answers.push(contentsOf(await side.read(kind, id)));
      }
      const { rows } = (await mine.plan()).body as WorkspaceSync;
      return { answers, plan: rows.map(({ name, action }) => `${name} ${action}`).toSorted() };
    };
    const before = await look();
    const sync = (await mine.sync()).body as WorkspaceSync;
    expect(sync.rows.map(({ action, state }) => `${action} ${state}`).toSorted()).toEqual([
      'conflict done',
      'delete done',
      'delete done',
      'merge done',
      'pull done',
      'pull done',
      'push done',
      'push done',
    ]);
    const answer = await undo(sync.id);
    expect(answer.body).toMatchObject({ id: sync.id, state: 'undone' });
    expect((answer.body as WorkspaceSync).rows.map(({ state }) => state)).toEqual(sync.rows.map(() => 'undone'));
    expect(await look()).toEqual(before);
    expect((await undo(sync.id)).body).toEqual(answer.body);
    expect((await mine.sync()).body).toMatchObject({ rows: expect.any(Array) as unknown, state: 'finished' });
  });

  test('keeps what has changed since on either side, and says so', async () => {
    const { mine, shared, scriptId, folderId, undo } = await cloneFor(copies, token);
    await mine.patch('scripts', scriptId, { content: 'echo mine\n' });
    await shared.patch('control-m/folders', folderId, { definition: folder('load --all') });
    const { id } = (await mine.sync()).body as WorkspaceSync;
    await shared.patch('scripts', scriptId, { content: 'echo later\n' });
    await mine.patch('control-m/folders', folderId, { definition: folder('load --later') });
    const answer = await undo(id);
    const kept = (answer.body as WorkspaceSync).rows.map(({ name, state, detail }) => `${name} ${state} ${String(detail)}`);
    expect(kept.toSorted()).toEqual([
      'NIGHT kept The document has changed here since.',
      'load.sh kept The document has changed there since.',
    ]);
    expect(rowsOf(await mine.sync())).toEqual(['NIGHT push changed-here done', 'load.sh pull changed-there done']);
  });

  test('answers 404 for a synchronisation that there is not', async () => {
    const { undo } = await cloneFor(copies, token);
    const answer = await undo(randomUUID());
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
  });
});
