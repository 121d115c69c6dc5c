import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Workspace, WorkspaceImport } from '@guildhall/contracts';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { foldersUrl, noSuch, type Contract } from './contract-server.ts';

const document = '// Orders.\n{"NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Dummy"},},}\n';

interface Entry {
  readonly name: string;
  readonly content: string | Buffer;
  readonly type?: 'file' | 'symlink';
}

/** A tar archive of these files. */
const tarOf = async (entries: readonly Entry[]): Promise<Buffer> => {
  const archive = pack();
  for (const { name, content, type = 'file' } of entries) {
    if (type === 'file') archive.entry({ name }, content);
    else archive.entry({ name, type, linkname: '/etc/passwd' });
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const manifestOf = (content: string | Buffer = 'x', more: object = {}): Entry => ({
  name: 'guildhall.json',
  content: JSON.stringify({
    format: 'guildhall-workspace',
    version: 1,
    workspace: { name: 'W', description: '' },
    scripts: [{ path: 'scripts/a', sha256: sha256(content), name: 'a', language: 'shell', description: '', tags: [], ...more }],
    documents: [],
  }),
});
const script = (content: string | Buffer = 'x'): Entry => ({ name: 'scripts/a', content });

const archiveUrl = (workspaceId: string, query = ''): string => `/v1/workspaces/${workspaceId}/archive${query}`;

/** The contract suite of whole workspaces as archives, run on every store. */
export const archivesContract = (the: () => Contract): void => {
  const exportOf = async (workspaceId: string) => await the().sendBytes('GET', archiveUrl(workspaceId));
  const importInto = async (workspaceId: string, archive: Buffer, query = '') =>
    await the().send('POST', archiveUrl(workspaceId, query), { body: { archive: archive.toString('base64') } });
  const newWorkspace = async (): Promise<Workspace> => {
    const body = { name: 'Night jobs', description: 'Everything\nof the night.' };
    return (await the().send('POST', the().home, { body })).body as Workspace;
  };
  /** A workspace with all that an archive holds. */
  const newFilled = async (): Promise<Workspace> => {
    const workspace = await newWorkspace();
    const scripts = `/v1/workspaces/${workspace.id}/scripts`;
    for (const [name, content] of [
      ['bin/load.sh', 'grüße 🦉\r\n'],
      ['bin_load.sh', ''],
      ['BIN/load.sh', 'x'],
      ['BIN/load.sh', 'x'],
      [`${'long '.repeat(39)}name`, 'long'],
      ['../../etc/passwd', '\u0001'],
    ]) {
      const body = { name, language: 'shell', content, description: 'what\nfor', tags: ['a', 'b'] };
      expect((await the().send('POST', scripts, { body })).status).toBe(201);
    }
    const documents = [{ name: 'orders/night.json', text: document }];
    await the().send('POST', `/v1/workspaces/${workspace.id}/control-m/import`, { body: { documents } });
    await the().newFolder(workspace.id, 'ALONE');
    return workspace;
  };

  /** A workspace with naming rules. */
  const withRules = async (given: readonly object[]) => {
    const { id } = await newWorkspace();
    const url = `/v1/workspaces/${id}/control-m/naming-rules`;
    const put = await the().send('PUT', url, { body: { rules: given }, ifMatch: 1 });
    expect(put.status).toBe(200);
    return { id, rules: async () => ((await the().send('GET', url)).body as { rules: unknown }).rules };
  };

  describe('the archive of a workspace', () => {
    test('goes out and in, and out again as the same bytes', async () => {
      const workspace = await newFilled();
      const first = await exportOf(workspace.id);
      expect([first.status, first.headers['content-type'], first.headers['content-disposition']]).toEqual([
        200,
        'application/x-tar',
        'attachment; filename="Night_jobs.tar"',
      ]);
      const other = await newWorkspace();
      const answer = await importInto(other.id, first.bytes);
      expect(answer).toMatchObject({
        status: 200,
        body: { isDryRun: false, scripts: { created: 6, unchanged: 0 }, documents: [{ name: 'ALONE.json' }, {}] },
      });
      const second = await exportOf(other.id);
      expect(second.bytes.equals(first.bytes)).toBe(true);
      expect((await exportOf((await newWorkspace()).id)).status).toBe(200);
    });

    test('carries the history where it is asked for, out and in, and out again as the same bytes', async () => {
      const workspace = await newFilled();
      const url = `/v1/workspaces/${workspace.id}`;
      const change = async (path: string, ifMatch: number, body: object) => {
        expect((await the().send('PATCH', `${url}${path}`, { body, ifMatch })).status).toBe(200);
      };
      const scripts = (await the().send('GET', `${url}/scripts?q=bin/load`)).body as { items: { id: string }[] };
      const id = scripts.items.at(-1)?.id ?? '';
      await change(`/scripts/${id}`, 1, { content: 'second', note: 'Why' });
      await change(`/scripts/${id}`, 2, { name: 'later.sh', language: 'text', content: 'third' });
      expect((await the().send('POST', `${url}/scripts/${id}/versions/1/restore`, { ifMatch: 3 })).status).toBe(200);
      const folders = (await the().send('GET', `${url}/control-m/folders`)).body as { items: { id: string; name: string }[] };
      const alone = folders.items.find(({ name }) => name === 'ALONE')?.id ?? '';
      await change(`/control-m/folders/${alone}`, 1, {
        name: 'LATER',
        definition: { Type: 'Folder', Mail: { Type: 'Job:Dummy' } },
      });
      const documents = [{ name: 'orders/night.json', text: `${document}// later` }];
      await the().send('POST', `${url}/control-m/import`, { body: { documents, note: 'Said why' } });

      const first = await the().sendBytes('GET', archiveUrl(workspace.id, '?history=true'));
      expect(first.status).toBe(200);
      const other = await newWorkspace();
      expect((await importInto(other.id, first.bytes)).status).toBe(200);
      const second = await the().sendBytes('GET', archiveUrl(other.id, '?history=true'));
      expect(second.bytes.equals(first.bytes)).toBe(true);
      // Imported again nothing is new, and without the history it is the archive of the same content.
      expect((await importInto(other.id, first.bytes)).body).toMatchObject({ scripts: { created: 0, unchanged: 6 } });
      expect((await exportOf(other.id)).bytes.equals((await exportOf(workspace.id)).bytes)).toBe(true);

      const versionsIn = async (path: string) => {
        const { items } = (await the().send('GET', path)).body as { items: Record<string, unknown>[] };
        return items.map(({ version, name, note, restoredFrom, sha256: digest, createdAt }) => {
          return { version, name, note, restoredFrom, digest, createdAt };
        });
      };
      const copies = (await the().send('GET', `/v1/workspaces/${other.id}/scripts?q=bin/load`)).body as {
        items: { id: string }[];
      };
      const copied = await Promise.all(
        copies.items.map((copy) => versionsIn(`/v1/workspaces/${other.id}/scripts/${copy.id}/versions`)),
      );
      expect(copied).toContainEqual(await versionsIn(`${url}/scripts/${id}/versions`));
      const imported = (await the().send('GET', `/v1/workspaces/${other.id}/control-m/documents`)).body as {
        items: { id: string }[];
      };
      const histories = await versionsIn(`/v1/workspaces/${other.id}/control-m/documents/${imported.items.at(-1)?.id}/versions`);
      expect(histories).toMatchObject([
        { version: 2, note: 'Said why' },
        { version: 1, digest: sha256(document) },
      ]);
    });

    test('is completed when it is imported again, and changes nothing in a dry run', async () => {
      const { bytes } = await exportOf((await newFilled()).id);
      const other = await newWorkspace();
      const dryRun = (await importInto(other.id, bytes, '?dryRun=true')).body as WorkspaceImport;
      expect([dryRun.isDryRun, dryRun.scripts]).toEqual([true, { created: 6, unchanged: 0 }]);
      const scripts = async () =>
        ((await the().send('GET', `/v1/workspaces/${other.id}/scripts`)).body as { items: { id: string }[] }).items;
      expect(await scripts()).toEqual([]);
      await importInto(other.id, bytes);
      const [one] = await scripts();
      await the().send('DELETE', `/v1/workspaces/${other.id}/scripts/${one?.id}`, { ifMatch: 1 });
      const again = (await importInto(other.id, gzipSync(bytes))).body as WorkspaceImport;
      expect(again.scripts).toEqual({ created: 1, unchanged: 5 });
      expect((await exportOf(other.id)).bytes.equals(bytes)).toBe(true);
    });

    test('carries the naming rules, which replace none that a workspace has', async () => {
      const rules = [
        { appliesTo: 'job', forms: ['ORD_*'], message: 'Orders.' },
        { appliesTo: 'folder', forms: ['F*', 'G#'] },
      ];
      const { bytes } = await exportOf((await withRules(rules)).id);
      expect(bytes.includes('"message": "Orders."')).toBe(true);
      const empty = await withRules([]);
      const outcomeIn = async (id: string, query = '') =>
        ((await importInto(id, bytes, query)).body as WorkspaceImport).namingRules;
      expect([await outcomeIn(empty.id, '?dryRun=true'), await empty.rules()]).toEqual(['taken', []]);
      expect([await outcomeIn(empty.id), await empty.rules()]).toEqual(['taken', rules]);
      expect(await outcomeIn(empty.id)).toBe('unchanged');
      expect((await exportOf(empty.id)).bytes.equals(bytes)).toBe(true);
      const [other] = rules;
      const own = await withRules([other ?? {}]);
      expect([await outcomeIn(own.id), await own.rules()]).toEqual(['kept', [other]]);
      const without = await tarOf([manifestOf(), script()]);
      expect(((await importInto(own.id, without)).body as WorkspaceImport).namingRules).toBe('none');
    });

    test('may be the body itself', async () => {
      const { id } = await newWorkspace();
      const archive = await tarOf([script(), manifestOf()]);
      const { status, text } = await the().sendMedia(archiveUrl(id), archive, 'application/x-tar');
      expect([status, (JSON.parse(text) as WorkspaceImport).scripts.created]).toEqual([200, 1]);
    });

    test('is refused whole where a document does not fit', async () => {
      const { bytes } = await exportOf((await newFilled()).id);
      const other = await newWorkspace();
      await the().newFolder(other.id, 'NIGHT');
      const answer = await importInto(other.id, bytes);
      const errors = [{ path: '/orders/night.json', message: expect.stringContaining('NIGHT') as string }];
      expect([answer.status, answer.body]).toEqual([409, expect.objectContaining({ code: 'CONFLICT', errors })]);
      const { body } = await the().send('GET', `/v1/workspaces/${other.id}/scripts`);
      expect((body as { items: unknown[] }).items).toEqual([]);
      expect((await the().send('GET', foldersUrl(other.id))).body).toMatchObject({ items: [{ name: 'NIGHT' }] });
    });

    test.each<readonly [string, () => Promise<Buffer>, string, string]>([
      ['no archive', async () => Buffer.from('no archive '.repeat(100)), '', 'is no tar archive, or ends too early'],
      [
        'a cut one',
        async () => (await tarOf([script('x'.repeat(2_000)), manifestOf()])).subarray(0, 1_000),
        '',
        'is no tar archive, or ends too early',
      ],
      [
        'a broken gzip',
        async () => gzipSync(await tarOf([manifestOf()])).subarray(0, 60),
        '',
        'is no gzip, or more than 33554432 bytes unpacked',
      ],
      ['a bomb', async () => gzipSync(Buffer.alloc(33_554_433)), '', 'is no gzip, or more than 33554432 bytes unpacked'],
      ['no manifest', async () => tarOf([script()]), '/guildhall.json', 'is no manifest of a workspace'],
      [
        'a bad field',
        async () => tarOf([script(), manifestOf('x', { language: 'No Language' })]),
        '/guildhall.json/scripts/0/language',
        'is no manifest',
      ],
      ['a missing file', async () => tarOf([manifestOf()]), '/scripts/a', 'is in the manifest and not in the archive'],
      [
        'another file',
        async () => tarOf([script('y'), manifestOf()]),
        '/scripts/a',
        'has another SHA-256 than the manifest says',
      ],
      ['a stranger', async () => tarOf([script(), manifestOf(), { name: 'b', content: '' }]), '/b', 'is not in the manifest'],
      ['one twice', async () => tarOf([script(), script(), manifestOf()]), '/scripts/a', 'comes twice'],
      ['a link', async () => tarOf([{ ...script(), type: 'symlink' }, manifestOf()]), '/scripts/a', 'is no plain file'],
      [
        'Latin-1',
        async () => tarOf([script(Buffer.from([0xe9])), manifestOf(Buffer.from([0xe9]))]),
        '/scripts/a',
        'is not UTF-8',
      ],
      ['a NUL', async () => tarOf([script('\0'), manifestOf('\0')]), '/scripts/a', 'is no text of a script'],
      [
        'too many',
        async () => tarOf(Array.from({ length: 2_002 }, (_, n) => ({ name: `${n}`, content: '' }))),
        '',
        'has more than 2000 files',
      ],
    ])('is refused with its fault, and nothing is saved: %s', async (_name, make, path, message) => {
      const { id } = await newWorkspace();
      const answer = await importInto(id, await make());
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.objectContaining({ code: 'INVALID', errors: [{ path, message: expect.stringContaining(message) as string }] }),
      ]);
      expect((await the().send('GET', `/v1/workspaces/${id}/scripts`)).body).toMatchObject({ items: [] });
    });

    test('is not found where the workspace is not, or is deleted', async () => {
      const { id } = await newWorkspace();
      await the().send('DELETE', `/v1/workspaces/${id}`, { ifMatch: 1 });
      for (const gone of [id, '00000000-0000-4000-8000-000000000000']) {
        expect(await the().send('GET', archiveUrl(gone))).toEqual(noSuch('workspace'));
        expect(await importInto(gone, await tarOf([script(), manifestOf()]))).toEqual(noSuch('workspace'));
      }
    });
  });
};
