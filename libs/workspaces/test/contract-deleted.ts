import type { ControlMFolder, Script } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { folderUrl, noSuch, problem, scriptUrl, writeBy, saveBy, type Contract, type Reply } from './contract-server.ts';

const kinds = ['script', 'folder'] as const;

/** The items of a list. */
const itemsOf = ({ body }: Reply) => (body as { items: readonly { readonly id: string }[] }).items;
const idsOf = (reply: Reply): readonly string[] => itemsOf(reply).map(({ id }) => id);

/** The contract suite of what is deleted, run on every store. */
export const deletedContract = (the: () => Contract): void => {
  describe.each(kinds)('a deleted %s', (noun) => {
    /** Makes one in a workspace of its own. */
    const make = async () => {
      const { id: workspaceId } = await the().newWorkspace();
      const made: Script | ControlMFolder =
        noun === 'script' ? await the().newScript(workspaceId) : await the().newFolder(workspaceId);
      const url = 'content' in made ? scriptUrl(made) : folderUrl(made);
      return { made, url, list: url.slice(0, url.lastIndexOf('/')) };
    };

    test('is listed apart, and comes back with its history', async () => {
      const { made, url, list } = await make();
      await the().send('DELETE', url, { ifMatch: 1 });
      expect(itemsOf(await the().send('GET', list))).toEqual([]);
      const deleted = itemsOf(await the().send('GET', `${list}?state=deleted`));
      expect(deleted).toEqual([expect.objectContaining({ id: made.id, version: 2, name: made.name })]);

      const restored = await the().send('POST', `${url}/restore`);
      const body = { ...made, version: 3, updatedAt: (restored.body as Script).updatedAt };
      expect(restored).toEqual({ status: 200, etag: '"3"', body });
      expect(await the().send('GET', url)).toEqual(restored);
      expect(idsOf(await the().send('GET', list))).toEqual([made.id]);
      expect(itemsOf(await the().send('GET', `${list}?state=deleted`))).toEqual([]);
      const history = (await the().send('GET', `${url}/versions`)).body as { items: object[] };
      expect(history.items).toEqual([
        expect.objectContaining({ version: 3, restoredFrom: 1, sha256: made.sha256 }),
        expect.objectContaining({ version: 1, restoredFrom: null, sha256: made.sha256 }),
      ]);
    });

    test('stays as it is when it is restored again, and when it was not deleted', async () => {
      const { made, url } = await make();
      expect(await the().send('POST', `${url}/restore`)).toEqual({ status: 200, etag: '"1"', body: made });
      await the().send('DELETE', url, { ifMatch: 1 });
      const answers = await Promise.all(Array.from({ length: 5 }, () => the().send('POST', `${url}/restore`)));
      expect(new Set(answers.map(({ status, etag }) => `${status} ${etag}`))).toEqual(new Set(['200 "3"']));
    });

    test('is restored over no other version than the one that deleting made', async () => {
      const { made, url } = await make();
      await the().send('DELETE', url, { ifMatch: 1 });
      const { store, userId } = the().under;
      const save = noun === 'script' ? saveBy(userId, 'script:delete') : saveBy(userId, 'control-m:delete');
      const late = { ...made, version: 4 };
      const isRestored =
        'content' in late
          ? await store.scripts.restore(late, save)
          : await store.controlMFolders.restore({ ...late, definition: '{"Type":"Folder"}' }, save);
      expect(isRestored).toBe(false);
      expect(await the().send('GET', url)).toEqual(noSuch(noun));
    });

    test('is listed page by page', async () => {
      const { url, list, made } = await make();
      const others = [1, 2].map(async (number) =>
        noun === 'script' ? the().newScript(made.workspaceId) : the().newFolder(made.workspaceId, `F${number}`),
      );
      for (const { id } of await Promise.all(others)) await the().send('DELETE', `${list}/${id}`, { ifMatch: 1 });
      await the().send('DELETE', url, { ifMatch: 1 });
      const first = await the().send('GET', `${list}?state=deleted&limit=2`);
      const { nextCursor } = first.body as { nextCursor: string };
      const rest = await the().send('GET', `${list}?state=deleted&limit=2&cursor=${nextCursor}`);
      expect([itemsOf(first).length, new Set([...idsOf(first), ...idsOf(rest)]).size]).toEqual([2, 3]);
      expect((await the().send('GET', `${list}?limit=2&cursor=${nextCursor}`)).status).toBe(400);
    });

    test('is not found while its workspace is deleted', async () => {
      const { made, url, list } = await make();
      await the().send('DELETE', url, { ifMatch: 1 });
      await the().send('DELETE', `/v1/workspaces/${made.workspaceId}`, { ifMatch: 1 });
      expect(await the().send('POST', `${url}/restore`)).toEqual(noSuch(noun));
      expect(await the().send('GET', `${list}?state=deleted`)).toEqual(noSuch('workspace'));
    });
  });

  test('a folder whose name another has got since is not restored', async () => {
    const folder = await the().newFolder((await the().newWorkspace()).id, 'NIGHT');
    await the().send('DELETE', folderUrl(folder), { ifMatch: 1 });
    const other = await the().newFolder(folder.workspaceId, 'NIGHT');
    expect(await the().send('POST', `${folderUrl(folder)}/restore`)).toEqual(
      problem(409, 'CONFLICT', 'A folder of this workspace has this name already.'),
    );
    await the().send('DELETE', folderUrl(other), { ifMatch: 1 });
    expect((await the().send('POST', `${folderUrl(folder)}/restore`)).status).toBe(200);
  });

  test('deleted workspaces are listed apart', async () => {
    const { store, userId } = the().under;
    const workspace = await the().newWorkspace();
    const listed = async (state: 'deleted' | null) =>
      (await store.listWorkspaces(userId, { page: { limit: 100, after: null }, state })).map(({ id }) => id);
    expect([(await listed(null)).includes(workspace.id), await listed('deleted')]).toEqual([
      true,
      expect.not.arrayContaining([workspace.id]),
    ]);
    const deleted = { ...workspace, version: 2 };
    expect(await store.saveWorkspace(deleted, true, writeBy(userId, 'workspace:delete'))).toBe(true);
    expect([(await listed(null)).includes(workspace.id), (await listed('deleted')).includes(workspace.id)]).toEqual([
      false,
      true,
    ]);
  });
};
