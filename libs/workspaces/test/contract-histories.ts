import { createHash } from 'node:crypto';
import type { ControlMFolder, LineDiff, Script } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { folderUrl, noSuch, problem, scriptUrl, stale, type Contract, type Reply } from './contract-server.ts';

type Document = Script | ControlMFolder;

/** A kind of document, as the suite makes and edits it. `edits` are three texts, each of three lines. */
interface Kind {
  readonly noun: 'script' | 'folder';
  create(the: Contract): Promise<Document>;
  readonly urlOf: (document: never) => string;
  readonly edits: readonly object[];
  readonly textOf: (edit: object) => string;
  /** The text of the third edit, and what differs from the first. */
  readonly changedLine: readonly [before: string, after: string];
}

const definitionOf = (command: string) => ({ Type: 'Folder', Run: { Type: 'Job:Command', Command: command } });

const kinds: readonly Kind[] = [
  {
    noun: 'script',
    create: async (the) => the.newScript((await the.newWorkspace()).id, 'one'),
    urlOf: scriptUrl,
    edits: ['set -eu\nöne\nexit\n', 'set -eu\ntwo\nexit\n'].map((content) => ({ content })),
    textOf: (edit) => (edit as { content: string }).content,
    changedLine: ['öne', 'two'],
  },
  {
    noun: 'folder',
    create: async (the) => the.newFolder((await the.newWorkspace()).id),
    urlOf: folderUrl,
    edits: ['öne', 'two'].map((command) => ({ definition: definitionOf(command) })),
    textOf: (edit) => JSON.stringify((edit as { definition: object }).definition),
    changedLine: [JSON.stringify(definitionOf('öne')), JSON.stringify(definitionOf('two'))],
  },
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
interface Body {
  readonly items: readonly { readonly version: number }[];
  readonly nextCursor: string;
  readonly from: { readonly version: number };
  readonly to: { readonly version: number };
  readonly diff: LineDiff;
}
const bodyOf = ({ body }: Reply) => body as Document & Body;

/** The contract suite of histories, run on every store for every kind of document. */
export const historiesContract = (the: () => Contract): void => {
  describe.each(kinds.map((kind) => [kind.noun, kind] as const))('the history of a %s', (noun, kind) => {
    const [first, second] = kind.edits as [object, object];
    /** A document with three versions, the last of them with a note. */
    const newHistory = async () => {
      const made = await kind.create(the());
      const url = (kind.urlOf as (document: Document) => string)(made);
      await the().send('PATCH', url, { body: first, ifMatch: 1 });
      const last = bodyOf(await the().send('PATCH', url, { body: { ...second, note: 'Grüße 🦉' }, ifMatch: 2 }));
      return { made, url, last };
    };

    test('says of every version who saved it, when, why, how large it is and its digest', async () => {
      const { made, url, last } = await newHistory();
      const { items } = bodyOf(await the().send('GET', `${url}/versions`));
      expect(items).toHaveLength(3);
      const text = kind.textOf(second);
      expect(items[0]).toMatchObject({
        version: 3,
        name: last.name,
        note: 'Grüße 🦉',
        restoredFrom: null,
        sizeBytes: Buffer.byteLength(text),
        sha256: sha256(text),
        createdBy: the().under.userId,
        createdByName: the().under.displayName,
        createdAt: last.updatedAt,
      });
      expect(items[1]).toMatchObject({
        version: 2,
        note: '',
        restoredFrom: null,
        sizeBytes: Buffer.byteLength(kind.textOf(first)),
      });
      expect(items[2]).toMatchObject({ version: 1, note: '', createdAt: made.createdAt, sha256: made.sha256 });
      expect(last).toMatchObject({ sizeBytes: Buffer.byteLength(text), sha256: sha256(text) });
    });

    test('gives back each version as it was, and is read page by page', async () => {
      const { made, url } = await newHistory();
      const [{ body: one }, { body: two }] = [
        await the().send('GET', `${url}/versions/1`),
        await the().send('GET', `${url}/versions/2`),
      ];
      expect(one).toMatchObject({
        version: 1,
        ...('content' in made ? { content: made.content } : { definition: made.definition }),
      });
      expect(two).toMatchObject({ version: 2, ...first });
      const page = bodyOf(await the().send('GET', `${url}/versions?limit=2`));
      expect(page.items.map(({ version }) => version)).toEqual([3, 2]);
      const rest = await the().send('GET', `${url}/versions?limit=2&cursor=${page.nextCursor}`);
      expect(bodyOf(rest).items.map(({ version }) => version)).toEqual([1]);
      expect(await the().send('GET', `${url}/versions/4`)).toEqual(noSuch('version'));
    });

    test('compares any two versions line by line', async () => {
      const { url } = await newHistory();
      const compared = await the().send('GET', `${url}/versions/compare?from=2&to=3`);
      const { from, to, diff } = bodyOf(compared);
      expect([compared.status, from.version, to.version]).toEqual([200, 2, 3]);
      const [removed, added] = kind.changedLine;
      const changed = diff.hunks.flatMap(({ lines }) => lines).filter((line) => line.kind !== 'same');
      expect(changed.map((line) => [line.kind, line.text])).toEqual([
        ['removed', removed],
        ['added', added],
      ]);
      expect(await the().send('GET', `${url}/versions/compare?from=2`)).toEqual(compared);
      const same = await the().send('GET', `${url}/versions/compare?from=3&to=3`);
      expect(bodyOf(same).diff).toEqual({ isMinimal: true, hunks: [] });
      expect(await the().send('GET', `${url}/versions/compare?from=2&to=9`)).toEqual(noSuch('version'));
      expect((await the().send('GET', `${url}/versions/compare?to=2`)).status).toBe(400);
    });

    test('saves an earlier version again as the next one', async () => {
      const { made, url, last } = await newHistory();
      expect(await the().send('POST', `${url}/versions/1/restore`, { ifMatch: 2 })).toEqual(stale(3));
      const restored = await the().send('POST', `${url}/versions/1/restore`, { ifMatch: 3 });
      const body = { ...made, version: 4, updatedAt: bodyOf(restored).updatedAt };
      expect(restored).toEqual({ status: 200, etag: '"4"', body });
      expect(await the().send('GET', url)).toEqual({ status: 200, etag: '"4"', body });
      const { items } = bodyOf(await the().send('GET', `${url}/versions`));
      expect(items[0]).toMatchObject({ version: 4, restoredFrom: 1, note: '', sha256: made.sha256 });
      expect(items[1]).toMatchObject({ version: 3, restoredFrom: null, sha256: last.sha256 });
      expect(await the().send('POST', `${url}/versions/9/restore`, { ifMatch: 4 })).toEqual(noSuch('version'));
    });

    test('lets one of ten restorings of one version through', async () => {
      const { url } = await newHistory();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => the().send('POST', `${url}/versions/1/restore`, { ifMatch: 3 })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toEqual(Array.from({ length: 9 }, () => stale(4)));
    });

    test('takes no note without a change', async () => {
      const { url } = await newHistory();
      const answer = problem(400, 'INVALID', 'The body does not fit this operation.');
      const errors = [{ path: '/note', message: 'must come with a change of another field' }];
      expect(await the().send('PATCH', url, { body: { note: 'why' }, ifMatch: 3 })).toEqual({
        ...answer,
        body: { ...answer.body, errors },
      });
      expect(bodyOf(await the().send('GET', `${url}/versions`)).items).toHaveLength(3);
    });

    test('is not found in another workspace, nor of what is deleted', async () => {
      const { made, url } = await newHistory();
      const { id } = await the().newWorkspace();
      const elsewhere = url.replace(made.workspaceId, id);
      const read = async (at: string) => [
        await the().send('GET', `${at}/versions`),
        await the().send('GET', `${at}/versions/1`),
        await the().send('GET', `${at}/versions/compare?from=1`),
        await the().send('POST', `${at}/versions/1/restore`, { ifMatch: 3 }),
      ];
      const nothing = [noSuch(noun), noSuch('version'), noSuch('version'), noSuch('version')];
      expect(await read(elsewhere)).toEqual(nothing);
      await the().send('DELETE', url, { ifMatch: 3 });
      expect(await read(url)).toEqual(nothing);
    });
  });

  test('a folder is not restored under a name that another has got since', async () => {
    const folder = await the().newFolder((await the().newWorkspace()).id, 'NIGHT');
    const url = folderUrl(folder);
    await the().send('PATCH', url, { body: { name: 'DAY' }, ifMatch: 1 });
    await the().newFolder(folder.workspaceId, 'NIGHT');
    expect(await the().send('POST', `${url}/versions/1/restore`, { ifMatch: 2 })).toEqual(
      problem(409, 'CONFLICT', 'A folder of this workspace has this name already.'),
    );
  });

  test('a folder’s version has its definition character by character', async () => {
    const { id } = await the().newWorkspace();
    const definition = '{ "Type" : "Folder",\r\n "Rate": 1.50, "b":{},"a": "\\u00fc" }';
    const made = await the().sendText(
      'POST',
      `/v1/workspaces/${id}/control-m/folders`,
      `{"name":"EXACT","definition":${definition}}`,
    );
    const url = `/v1/workspaces/${id}/control-m/folders/${(JSON.parse(made.text) as { id: string }).id}`;
    expect((await the().sendText('GET', `${url}/versions/1`)).text).toContain(`"definition":${definition}`);
  });
};
