import { describe, expect, test } from 'vitest';
import { foldersUrl, noSuch, stale, type Contract } from './contract-server.ts';

/** The contract suite of naming rules and of the search for folders, run on every store. */
export const rulesContract = (the: () => Contract): void => {
  const prepare = async () => {
    const { id } = await the().newWorkspace();
    await the().newFolder(id, 'NIGHT');
    const url = `/v1/workspaces/${id}`;
    const put = async (rules: readonly object[], ifMatch: number) =>
      await the().send('PUT', `${url}/control-m/naming-rules`, { body: { rules }, ifMatch });
    const check = async () => (await the().send('GET', `${url}/control-m/check`)).body as { warnings: number; folders: unknown };
    return { id, url, put, check };
  };
  const rules = [
    { appliesTo: 'folder', forms: ['N*', 'D*'] },
    { appliesTo: 'job', forms: ['ORD_##'], message: 'Jobs are named ORD_ and a number.' },
  ];

  describe('the naming rules of a workspace', () => {
    test('are none at first, are replaced version by version, and are used by checks and imports', async () => {
      const { url, put, check } = await prepare();
      expect(await the().send('GET', `${url}/control-m/naming-rules`)).toEqual({ status: 200, etag: '"1"', body: { rules: [] } });
      expect((await check()).warnings).toBe(0);
      expect(await put(rules, 1)).toEqual({ status: 200, etag: '"2"', body: { rules } });
      expect(await put(rules, 2)).toEqual({ status: 200, etag: '"2"', body: { rules } });
      expect(await put([], 1)).toEqual(stale(2));
      expect(await the().send('GET', `${url}/control-m/naming-rules`)).toEqual({ status: 200, etag: '"2"', body: { rules } });
      const finding = {
        code: 'NAMING_RULE',
        severity: 'warning',
        pointer: '/Count',
        message: 'Jobs are named ORD_ and a number.',
      };
      expect(await check()).toMatchObject({ warnings: 1, folders: [{ name: 'NIGHT', findings: [finding] }] });
      const documents = [{ name: 'x.json', text: '{"X": {"Type": "Folder", "ORD_01": {"Type": "Job:Dummy"}}}' }];
      const imported = await the().send('POST', `${url}/control-m/import?dryRun=true`, { body: { documents } });
      expect(imported.body).toMatchObject({
        documents: [{ findings: [{ code: 'NAMING_RULE', pointer: '/X', message: 'The folder X must be named like N* or D*.' }] }],
      });
    });

    test('stay with another name of the workspace, and are not found with a deleted one', async () => {
      const { url, put } = await prepare();
      await put(rules, 1);
      expect((await the().send('PATCH', url, { body: { name: 'Other' }, ifMatch: 2 })).etag).toBe('"3"');
      expect((await the().send('GET', `${url}/control-m/naming-rules`)).body).toEqual({ rules });
      await the().send('DELETE', url, { ifMatch: 3 });
      expect(await the().send('GET', `${url}/control-m/naming-rules`)).toEqual(noSuch('workspace'));
      expect(await put([], 4)).toEqual(noSuch('workspace'));
    });

    test('are changed by one of ten who change one version', async () => {
      const { put } = await prepare();
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put([{ appliesTo: 'job', forms: [`JOB${n}`] }], 1)));
      const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
      expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
    });
  });

  describe('a search for folders', () => {
    test('finds a text in name and definition, in any case, page by page', async () => {
      const { id } = await prepare();
      for (const name of ['Orders', 'DAY', 'ÖSTLICH']) await the().newFolder(id, name);
      const search = async (query: string) =>
        (await the().send('GET', `${foldersUrl(id)}?${query}`)).body as {
          readonly items: readonly { readonly name: string }[];
          readonly nextCursor: string | null;
        };
      const names = ({ items }: Awaited<ReturnType<typeof search>>) => items.map(({ name }) => name);
      expect(names(await search('q=ORDERS.csv')).toSorted()).toEqual(['DAY', 'NIGHT', 'Orders', 'ÖSTLICH']);
      expect(names(await search('q=östlich'))).toEqual(['ÖSTLICH']);
      expect(names(await search('q=%25'))).toEqual([]);
      const first = await search('q=orders&limit=3');
      const rest = await search(`q=orders&limit=3&cursor=${first.nextCursor}`);
      expect([first.items.length, rest.nextCursor, new Set([...names(first), ...names(rest)]).size]).toEqual([3, null, 4]);
      expect((await the().send('GET', `${foldersUrl(id)}?q=a&state=deleted`)).status).toBe(400);
    });
  });

  describe('a document that is uploaded as text', () => {
    test('is converted knowingly, and the version keeps the digest of what was sent', async () => {
      const { id } = await the().newWorkspace();
      const bytes = Buffer.from('{"GR\u00dcN": {"Type": "Folder"}}', 'latin1');
      const url = `/v1/workspaces/${id}/control-m/import?name=gruen.json`;
      const refused = await the().sendMedia(url, bytes, 'text/plain');
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('see the byte at offset 4')]);
      const { status, text } = await the().sendMedia(`${url}&encoding=latin1`, bytes, 'text/plain');
      expect(status).toBe(200);
      const [document] = (JSON.parse(text) as { documents: { name: string; folders: { name: string; folderId: string }[] }[] })
        .documents;
      expect([document?.name, document?.folders[0]?.name]).toEqual(['gruen.json', 'GRÜN']);
      const history = (await the().send('GET', `${foldersUrl(id)}/${document?.folders[0]?.folderId}/versions`)).body;
      const digest = '8356133ffc221167cc2fd37b155a9a4c7e91e37fb499e8cfa02655b9d288023e';
      expect(history).toMatchObject({
        items: [{ note: `Converted from latin1; the SHA-256 of what was sent is ${digest}.` }],
      });
      const nameless = await the().sendMedia(`/v1/workspaces/${id}/control-m/import`, Buffer.from('{}'), 'text/plain');
      expect([nameless.status, nameless.text]).toEqual([400, expect.stringContaining('/documents/0/name')]);
    });

    test('keeps the note of an import in the versions that it makes', async () => {
      const { id } = await the().newWorkspace();
      const body = { documents: [{ name: 'a.json', text: '{"A": {"Type": "Folder"}}' }], note: 'As in production.' };
      const answer = await the().send('POST', `/v1/workspaces/${id}/control-m/import`, { body });
      const { folderId } = (answer.body as { documents: { folders: { folderId: string }[] }[] }).documents[0]?.folders[0] ?? {};
      const history = (await the().send('GET', `${foldersUrl(id)}/${folderId}/versions`)).body;
      expect(history).toMatchObject({ items: [{ note: 'As in production.' }] });
    });
  });
};
