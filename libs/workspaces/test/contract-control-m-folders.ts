import { randomUUID } from 'node:crypto';
import type { ControlMFolder } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import {
  folderUrl,
  foldersUrl,
  gone,
  noSuch,
  problem,
  sortKey,
  stale,
  saveBy,
  writeBy,
  type Contract,
} from './contract-server.ts';

const taken = problem(409, 'CONFLICT', 'A folder of this workspace has this name already.');
const empty = { Type: 'Folder' };

/** The contract suite of Control-M folders, run on every store. */
export const foldersContract = (the: () => Contract): void => {
  describe('Control-M folders', () => {
    test('are created, read, renamed and given another definition', async () => {
      const { id: workspaceId } = await the().newWorkspace();
      const definition = { Type: 'SimpleFolder', Load: { Type: 'Job:Script', FileName: 'load.sh' } };
      const created = await the().send('POST', foldersUrl(workspaceId), { body: { name: 'NIGHT', definition } });
      const body = created.body as ControlMFolder;
      expect(created).toEqual({
        status: 201,
        etag: '"1"',
        body: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          workspaceId,
          name: 'NIGHT',
          jobCount: 1,
          sizeBytes: Buffer.byteLength(JSON.stringify(definition)),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          createdBy: the().under.userId,
          createdByName: the().under.displayName,
          version: 1,
          createdAt: expect.any(String),
          updatedAt: body.createdAt,
          definition,
        },
      });
      const url = folderUrl(body);
      expect(await the().send('GET', url)).toEqual({ status: 200, etag: '"1"', body });
      const renamed = await the().send('PATCH', url, { body: { name: 'DAY' }, ifMatch: 1 });
      const second = { ...body, name: 'DAY', version: 2, updatedAt: (renamed.body as ControlMFolder).updatedAt };
      expect(renamed).toEqual({ status: 200, etag: '"2"', body: second });
      const replaced = await the().send('PATCH', url, { body: { definition: empty }, ifMatch: 2 });
      const { updatedAt, sha256 } = replaced.body as ControlMFolder;
      const measured = { sizeBytes: JSON.stringify(empty).length, sha256 };
      const third = { ...second, definition: empty, jobCount: 0, ...measured, version: 3, updatedAt };
      expect(replaced).toEqual({ status: 200, etag: '"3"', body: third });
      expect(await the().send('GET', url)).toEqual({ status: 200, etag: '"3"', body: third });
    });

    test('stay as they are when a change changes nothing', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id);
      const { name, definition } = folder;
      const answer = await the().send('PATCH', folderUrl(folder), { body: { name, definition }, ifMatch: 1 });
      expect(answer).toEqual({ status: 200, etag: '"1"', body: folder });
    });

    test('let exactly one of ten changes of one version through', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => the().send('PATCH', folderUrl(folder), { body: { name: `F${n}` }, ifMatch: 1 })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toEqual(Array.from({ length: 9 }, () => stale(2)));
    });

    test('are neither saved nor deleted over a version that is no more', async () => {
      const { store, userId } = the().under;
      const folder = await the().newFolder((await the().newWorkspace()).id);
      const late = { ...folder, definition: '{"Type":"Folder"}', version: 3 };
      expect(await store.controlMFolders.save(late, saveBy(userId, 'control-m:update'))).toBe(false);
      expect(await store.controlMFolders.delete(late, writeBy(userId, 'control-m:delete'))).toBe(false);
      expect((await the().send('GET', folderUrl(folder))).body).toEqual(folder);
    });

    test('are hidden when deleted, and not found in another workspace', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id);
      const elsewhere = folderUrl({ ...folder, workspaceId: (await the().newWorkspace()).id });
      expect(await the().send('GET', elsewhere)).toEqual(noSuch('folder'));
      expect(await the().send('PATCH', elsewhere, { body: { name: 'x' }, ifMatch: 1 })).toEqual(noSuch('folder'));
      expect(await the().send('DELETE', elsewhere, { ifMatch: 1 })).toEqual(noSuch('folder'));
      expect(await the().send('DELETE', folderUrl(folder), { ifMatch: 2 })).toEqual(stale(1));
      expect(await the().send('DELETE', folderUrl(folder), { ifMatch: 1 })).toEqual(gone);
      expect(await the().send('GET', folderUrl(folder))).toEqual(noSuch('folder'));
      expect(await the().send('DELETE', folderUrl(folder), { ifMatch: 2 })).toEqual(noSuch('folder'));
      const listed = await the().send('GET', foldersUrl(folder.workspaceId));
      expect(listed.body).toEqual({ items: [], nextCursor: null });
    });

    test('are hidden with their workspace, and come back with it', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id);
      const workspaceUrl = `/v1/workspaces/${folder.workspaceId}`;
      await the().send('DELETE', workspaceUrl, { ifMatch: 1 });
      const change = { body: { name: 'x' }, ifMatch: 1 };
      expect(await the().send('GET', folderUrl(folder))).toEqual(noSuch('folder'));
      expect(await the().send('PATCH', folderUrl(folder), change)).toEqual(noSuch('folder'));
      expect(await the().send('GET', foldersUrl(folder.workspaceId))).toEqual(noSuch('workspace'));
      const created = await the().send('POST', foldersUrl(folder.workspaceId), { body: { name: 'x', definition: empty } });
      expect(created).toEqual(noSuch('workspace'));
      await the().send('POST', `${workspaceUrl}/restore`);
      expect(await the().send('GET', folderUrl(folder))).toEqual({ status: 200, etag: '"1"', body: folder });
    });

    test('are listed newest first without their definitions, page by page', async () => {
      const { id } = await the().newWorkspace();
      const made = [await the().newFolder(id, 'A'), await the().newFolder(id, 'B'), await the().newFolder(id, 'C')];
      const summaries = made
        .toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))
        .map(({ definition: _definition, ...summary }) => summary);
      const url = foldersUrl(id);
      const first = (await the().send('GET', `${url}?limit=2`)).body as { items: unknown; nextCursor: string };
      expect(first).toEqual({ items: summaries.slice(0, 2), nextCursor: expect.any(String) });
      await the().newFolder(id, 'D');
      expect((await the().send('GET', `${url}?limit=2&cursor=${first.nextCursor}`)).body).toEqual({
        items: summaries.slice(2),
        nextCursor: null,
      });
    });
  });

  describe('the name of a Control-M folder', () => {
    test('is one live folder’s of its workspace', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id, 'NIGHT');
      const other = await the().newFolder(folder.workspaceId, 'Night');
      const url = foldersUrl(folder.workspaceId);
      const body = { name: 'NIGHT', definition: empty };
      expect(await the().send('POST', url, { body })).toEqual(taken);
      expect(await the().send('PATCH', folderUrl(other), { body: { name: 'NIGHT' }, ifMatch: 2 })).toEqual(stale(1));
      expect(await the().send('PATCH', folderUrl(other), { body: { name: 'NIGHT' }, ifMatch: 1 })).toEqual(taken);
      expect(await the().send('GET', folderUrl(other))).toEqual({ status: 200, etag: '"1"', body: other });
      expect((await the().newFolder((await the().newWorkspace()).id, 'NIGHT')).name).toBe('NIGHT');
      await the().send('DELETE', folderUrl(folder), { ifMatch: 1 });
      expect((await the().send('POST', url, { body })).status).toBe(201);
    });

    test('goes to one of ten who want it at once', async () => {
      const { id } = await the().newWorkspace();
      const body = { name: 'NIGHT', definition: empty };
      const answers = await Promise.all(Array.from({ length: 10 }, () => the().send('POST', foldersUrl(id), { body })));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status !== 201)).toEqual(Array.from({ length: 9 }, () => taken));
    });

    test('that is taken spends no Idempotency-Key', async () => {
      const folder = await the().newFolder((await the().newWorkspace()).id, 'NIGHT');
      const request = { body: { name: 'NIGHT', definition: empty }, key: randomUUID() };
      expect(await the().send('POST', foldersUrl(folder.workspaceId), request)).toEqual(taken);
      await the().send('DELETE', folderUrl(folder), { ifMatch: 1 });
      const made = await the().send('POST', foldersUrl(folder.workspaceId), request);
      expect(made.status).toBe(201);
      expect(await the().send('POST', foldersUrl(folder.workspaceId), request)).toEqual(made);
    });

    test.each(['', ' ', 'a\nb', '__proto__', 'constructor', 'prototype'])('is not %j', async (name) => {
      const { id } = await the().newWorkspace();
      const answer = await the().send('POST', foldersUrl(id), { body: { name, definition: empty } });
      expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ code: 'INVALID' })]);
    });
  });
};
