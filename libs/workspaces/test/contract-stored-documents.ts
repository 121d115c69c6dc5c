import { createHash } from 'node:crypto';
import type { ControlMImport } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { gone, noSuch, problem, saveBy, stale, type Contract, type Reply } from './contract-server.ts';

/** A document with `Defaults`, a folder and a job beside it, for which a job of the folder waits. */
const written = `{ // né
  "Defaults": {"RunAs": "orders"},
  "NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Command", "Command": "load",
    "in": {"Type": "WaitForEvents", "Events": [{"Event": "pinged"}]}}},
  "Ping": {"Type": "Job:Command", "Command": "ping", "out": {"Type": "AddEvents", "Events": [{"Event": "pinged"}]}},
}
`;
const night = '"NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Command"}}';

const at = (workspaceId: string, rest = ''): string => `/v1/workspaces/${workspaceId}/control-m${rest}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const itemsOf = ({ body }: Reply) => (body as { items: readonly { readonly id: string; readonly version: number }[] }).items;
const idsOf = (reply: Reply): readonly string[] => itemsOf(reply).map(({ id }) => id);
const nameTaken = problem(409, 'CONFLICT', 'A document of this workspace has this name already.');

/** The contract suite of imported documents with their histories, run on every store. */
export const storedDocumentsContract = (the: () => Contract): void => {
  const send = async (workspaceId: string, text: string, name = 'night.json', note?: string) => {
    const body = { documents: [{ name, text }], ...(note === undefined ? {} : { note }) };
    const answer = await the().send('POST', at(workspaceId, '/import?replace=true'), { body });
    return (answer.body as ControlMImport).documents[0];
  };
  const exported = async (workspaceId: string) =>
    ((await the().send('GET', at(workspaceId, '/export'))).body as { documents: unknown }).documents;
  /** A document in a workspace of its own. */
  const make = async (text = written) => {
    const { id: workspaceId } = await the().newWorkspace();
    const outcome = await send(workspaceId, text);
    const list = `/v1/workspaces/${workspaceId}/control-m/documents`;
    return { workspaceId, list, url: `${list}/${outcome?.documentId}`, outcome, id: outcome?.documentId ?? '' };
  };

  describe('an imported document', () => {
    test('is there with its text, its folders, its size and its digest, and listed without text', async () => {
      const { workspaceId, list, url, outcome, id } = await make();
      const summary = {
        id,
        workspaceId,
        name: 'night.json',
        sizeBytes: Buffer.byteLength(written),
        sha256: sha256(written),
        createdBy: the().under.userId,
        createdByName: the().under.displayName,
        version: 1,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      };
      const folderId = outcome?.folders[0]?.folderId;
      const folders = [{ name: 'NIGHT', folderId }];
      const foldersSha256 = sha256(JSON.stringify({ NIGHT: folderId }));
      expect(await the().send('GET', url)).toEqual({ status: 200, etag: '"1"', body: { ...summary, source: written, folders } });
      expect((await the().send('GET', list)).body).toEqual({ items: [{ ...summary, foldersSha256 }], nextCursor: null });
      expect((await send(workspaceId, written))?.documentId).toBe(id);
      expect((await the().send('GET', url)).etag).toBe('"1"');
    });

    test('gets a version with each import of another text, which can be read, compared and saved again', async () => {
      const { workspaceId, url } = await make(`{${night}}`);
      await send(workspaceId, `{${night}} // later`, 'night.json', 'Said why');
      const history = (await the().send('GET', `${url}/versions`)).body as { items: object[] };
      const second = {
        version: 2,
        name: 'night.json',
        note: 'Said why',
        restoredFrom: null,
        sha256: sha256(`{${night}} // later`),
      };
      expect(history.items).toEqual([expect.objectContaining(second), expect.objectContaining({ version: 1, note: '' })]);
      expect(history.items[0]).not.toHaveProperty('folders');
      expect((await the().send('GET', `${url}/versions/1`)).body).toMatchObject({
        source: `{${night}}`,
        folders: [{ name: 'NIGHT' }],
      });
      const compared = (await the().send('GET', `${url}/versions/compare?from=1`)).body as {
        diff: { hunks: { lines: object[] }[] };
      };
      expect(compared.diff.hunks[0]?.lines.map((line) => (line as { kind: string }).kind)).toEqual(['removed', 'added']);
      expect(await the().send('POST', `${url}/versions/1/restore`, { ifMatch: 1 })).toEqual(stale(2));
      const restored = await the().send('POST', `${url}/versions/1/restore`, { ifMatch: 2 });
      expect(restored).toMatchObject({ status: 200, etag: '"3"', body: { source: `{${night}}` } });
      expect(await exported(workspaceId)).toEqual([{ name: 'night.json', text: `{${night}}` }]);
      expect(await the().send('GET', `${url}/versions/9`)).toEqual(noSuch('version'));
    });

    test('tells what its deletion would leave waiting, and is deleted only if that is meant', async () => {
      const { workspaceId, url } = await make();
      const preview = await the().send('DELETE', `${url}?dryRun=true`, { ifMatch: 1 });
      expect(preview.body).toMatchObject({
        isHarmless: false,
        waitForEver: [{ path: 'NIGHT' }, { path: 'NIGHT/Load', events: ['pinged'] }],
        removedJobs: ['Ping'],
        staysDeployed: [],
      });
      const detail = 'Folders of this workspace refer to jobs of this document. Delete it with force=true if that is meant.';
      expect(await the().send('DELETE', url, { ifMatch: 1 })).toMatchObject({ status: 409, body: { code: 'CONFLICT', detail } });
      expect(await the().send('DELETE', `${url}?force=true`, { ifMatch: 2 })).toEqual(stale(1));
      expect(await exported(workspaceId)).toEqual([{ name: 'night.json', text: written }]);
      expect(await the().send('DELETE', `${url}?force=true`, { ifMatch: 1 })).toEqual(gone);
    });

    test('leaves its folders when it is deleted, is listed apart, and takes them back when it is restored', async () => {
      const { workspaceId, url, list, id } = await make();
      const [before, made] = [await exported(workspaceId), (await the().send('GET', url)).body as object];
      await the().send('DELETE', `${url}?force=true`, { ifMatch: 1 });
      expect(await the().send('GET', url)).toEqual(noSuch('document'));
      expect(idsOf(await the().send('GET', list))).toEqual([]);
      expect(itemsOf(await the().send('GET', `${list}?state=deleted`))).toMatchObject([{ id, version: 2 }]);
      expect(await exported(workspaceId)).toEqual([{ name: 'NIGHT.json', text: expect.stringMatching(/^\{"NIGHT": /) }]);
      expect((await the().send('GET', at(workspaceId, '/jobs'))).body).toMatchObject({ items: [{ path: 'NIGHT/Load' }] });

      const restored = await the().send('POST', `${url}/restore`);
      expect(restored).toEqual({ status: 200, etag: '"3"', body: { ...made, version: 3, updatedAt: expect.any(String) } });
      expect(await the().send('POST', `${url}/restore`)).toEqual(restored);
      expect(await exported(workspaceId)).toEqual(before);
      const history = (await the().send('GET', `${url}/versions`)).body as { items: object[] };
      expect(history.items).toMatchObject([{ version: 3, restoredFrom: 1 }, { version: 1 }]);
    });

    test('frees its name, and is not restored while another has it', async () => {
      const { workspaceId, url, id } = await make(`{${night}}`);
      await the().send('DELETE', url, { ifMatch: 1 });
      const other = await send(workspaceId, `{${night}}`);
      expect(other?.documentId).not.toBe(id);
      expect(await the().send('POST', `${url}/restore`)).toEqual(nameTaken);
      await the().send('DELETE', at(workspaceId, `/documents/${other?.documentId}`), { ifMatch: 1 });
      expect((await the().send('POST', `${url}/restore`)).status).toBe(200);
    });

    test('is stored once when two imports of it race, and over no other version than the last', async () => {
      const { workspaceId, url, id } = await make(`{${night}}`);
      const { store, userId } = the().under;
      const found = await store.controlMDocuments.find(userId, workspaceId, id);
      if (found === undefined) throw new Error('It is there.');
      const save = saveBy(userId, 'control-m:update');
      const next = { ...found.item, version: 2, source: '{}' };
      expect(await store.controlMDocuments.restore(next, save)).toBe(false);
      const saved = await Promise.all([1, 2, 3].map(() => store.controlMDocuments.save(next, save)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect((await the().send('GET', url)).body).toMatchObject({ version: 2, source: '{}' });
    });

    test('is listed page by page, also when deleted', async () => {
      const { workspaceId, list } = await make(`{${night}}`);
      for (const name of ['a.json', 'b.json']) await send(workspaceId, `{${night}}`, name);
      const pages = async (query: string) => {
        const first = await the().send('GET', `${list}?limit=2${query}`);
        const { nextCursor } = first.body as { nextCursor: string };
        const rest = await the().send('GET', `${list}?limit=2${query}&cursor=${nextCursor}`);
        return [idsOf(first).length, new Set([...idsOf(first), ...idsOf(rest)]).size];
      };
      expect(await pages('')).toEqual([2, 3]);
      for (const id of idsOf(await the().send('GET', list))) await the().send('DELETE', `${list}/${id}`, { ifMatch: 1 });
      expect(await pages('&state=deleted')).toEqual([2, 3]);
    });

    test('is not found in another workspace, nor while its own is deleted', async () => {
      const { workspaceId, url, id } = await make(`{${night}}`);
      const { id: other } = await the().newWorkspace();
      const elsewhere = at(other, `/documents/${id}`);
      expect(await the().send('GET', elsewhere)).toEqual(noSuch('document'));
      expect(await the().send('DELETE', elsewhere, { ifMatch: 1 })).toEqual(noSuch('document'));
      expect(await the().send('POST', `${elsewhere}/restore`)).toEqual(noSuch('document'));
      expect(await the().send('GET', `${elsewhere}/versions`)).toEqual(noSuch('document'));
      await the().send('DELETE', `/v1/workspaces/${workspaceId}`, { ifMatch: 1 });
      expect(await the().send('GET', url)).toEqual(noSuch('document'));
      expect(await the().send('GET', at(workspaceId, '/documents'))).toEqual(noSuch('workspace'));
    });
  });
};
