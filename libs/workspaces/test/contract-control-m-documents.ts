import { foldersPerImportMax, type ControlMImport } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { contractOver, foldersUrl, noSuch, problem, serverOver, type Contract } from './contract-server.ts';

/** A document as people write it: with all that strict JSON does not know, and a key that ends in a backslash. */
const written = `\u{feff}// Orders of the night.
{
  "Defaults": { "RunAs": "orders" },
  "ORDERS": { "Type": "Folder", /* first */
    "Load\\\\": { "Type": "Job:Command", "Command": "load-orders", "Priority": 1.50, },
    "Check": { "Type": "Job:Teleport" },
  },
  "REPORTS": {"Type": "SimpleFolder", "Print": {"Type": "Job:Script", "FileName": "print.sh", "FilePath": "/opt"}},
  "Ping": { "Type": "Job:Command", "Command": "ping" },
}
`;

interface Sent {
  readonly name: string;
  readonly text: string;
}

const waits = (event: string): string => `"in": {"Type": "WaitForEvents", "Events": [{"Event": "${event}"}]}`;

const adds = (event: string): string => `"out": {"Type": "AddEvents", "Events": [{"Event": "${event}"}]}`;

const importUrl = (workspaceId: string, query = ''): string => `/v1/workspaces/${workspaceId}/control-m/import${query}`;
const exportUrl = (workspaceId: string, query = ''): string => `/v1/workspaces/${workspaceId}/control-m/export${query}`;
const orders = { name: 'orders/night.json', text: written };
const one = (text: string, name = 'one.json'): Sent => ({ name, text });

/** The contract suite of Control-M documents, run on every store. */
export const documentsContract = (the: () => Contract): void => {
  const send = (url: string, ...documents: readonly Sent[]) => the().send('POST', url, { body: { documents } });
  const imported = async (url: string, ...documents: readonly Sent[]) => (await send(url, ...documents)).body as ControlMImport;
  const exported = async (workspaceId: string, query = '') =>
    ((await the().send('GET', exportUrl(workspaceId, query))).body as { documents: readonly Sent[] }).documents;
  const newId = async (): Promise<string> => (await the().newWorkspace()).id;

  describe('a Control-M document', () => {
    test('is imported with warnings and exported character by character', async () => {
      const id = await newId();
      const answer = await imported(importUrl(id), orders);
      expect(answer).toEqual({
        isDryRun: false,
        documents: [
          {
            name: 'orders/night.json',
            status: 'imported',
            documentId: expect.any(String),
            folders: [
              { name: 'ORDERS', folderId: expect.any(String), jobCount: 2, status: 'created' },
              { name: 'REPORTS', folderId: expect.any(String), jobCount: 1, status: 'created' },
            ],
            looseJobCount: 1,
            findings: expect.any(Array),
          },
        ],
      });
      expect(answer.documents[0]?.findings.map(({ code, line }) => [code, line])).toEqual([
        ['BYTE_ORDER_MARK', 1],
        ['COMMENT', 1],
        ['TRAILING_COMMA', 5],
        ['UNKNOWN_JOB_TYPE', 6],
      ]);
      expect(await exported(id)).toEqual([orders]);
      const file = await the().sendText('GET', exportUrl(id, '/document?name=orders%2Fnight.json'));
      expect(file).toEqual({ status: 200, text: written });
      const [normalised] = await exported(id, '?form=normalised');
      expect(normalised?.text).toMatch(/^\{\n {2}"Defaults": \{\n {4}"RunAs": "orders"\n {2}\},\n {2}"ORDERS"/);
      expect(normalised?.text).toContain('"Priority": 1.50');
    });

    test('changes nothing when it is imported again, and is exported with what was changed since', async () => {
      const id = await newId();
      const [first] = (await imported(importUrl(id), orders)).documents;
      const [again] = (await imported(importUrl(id), orders)).documents;
      expect(again).toEqual({ ...first, folders: first?.folders.map((folder) => ({ ...folder, status: 'unchanged' })) });
      const url = `${foldersUrl(id)}/${first?.folders[1]?.folderId}`;
      const edit = await the().sendText('PATCH', url, '{"name":"PRINTS","definition":{"Type":"SimpleFolder"}}', {
        'if-match': '"1"',
      });
      expect(edit.status).toBe(200);
      const start = written.indexOf('"REPORTS"');
      const end = written.indexOf(',\n  "Ping"');
      const expected = `${written.slice(0, start)}"PRINTS": {"Type":"SimpleFolder"}${written.slice(end)}`;
      expect(await exported(id)).toEqual([{ ...orders, text: expected }]);
    });

    test('loses the folder that was deleted, and a folder that came alone is a document of its own', async () => {
      const id = await newId();
      const text = '{"A": {"Type": "Folder"}, "B": {"Type": "Folder"}}';
      const [document] = (await imported(importUrl(id), one(text))).documents;
      await the().send('DELETE', `${foldersUrl(id)}/${document?.folders[0]?.folderId}`, { ifMatch: 1 });
      await the().sendText('POST', foldersUrl(id), '{"name":"C","definition":{"Type": "Folder"}}');
      expect(await exported(id)).toEqual([one('{"C": {"Type": "Folder"}}\n', 'C.json'), one('{"B": {"Type": "Folder"}}')]);
    });

    test('that fails takes back the import of many, and the same import again stores all of it', async () => {
      const { under } = the();
      const { store } = under;
      const id = await newId();
      const saveAll: typeof store.saveAll = async (writes) => {
        // Somebody else takes a name between the plan and the last write.
        await the().sendText('POST', foldersUrl(id), '{"name":"F57","definition":{"Type": "Folder"}}');
        return await store.saveAll(writes);
      };
      const failing = { ...under, store: { ...store, saveAll } };
      const app = serverOver(failing);
      const documents = Array.from({ length: 100 }, (_, n) => one(`{"F${n + 1}": {"Type": "Folder"}}`, `${n + 1}.json`));
      const answer = await contractOver(failing, app).send('POST', importUrl(id), { body: { documents } });
      expect([answer.status, answer.body]).toEqual([409, expect.objectContaining({ code: 'CONFLICT' })]);
      await app.close();
      expect(await exported(id)).toEqual([one('{"F57": {"Type": "Folder"}}\n', 'F57.json')]);
      const again = await imported(importUrl(id), ...documents);
      const statuses = again.documents.map(({ status, folders: [folder] }) => `${status} ${folder?.status}`);
      expect(statuses).toEqual(documents.map((_, n) => (n === 56 ? 'imported unchanged' : 'imported created')));
      expect(await exported(id)).toHaveLength(100);
    });

    test('is planned anew where somebody saves one of its folders meanwhile', async () => {
      const { under } = the();
      const { store } = under;
      const id = await newId();
      const [first] = (await imported(importUrl(id), one('{"A": {"Type": "Folder"}}'))).documents;
      const url = `${foldersUrl(id)}/${first?.folders[0]?.folderId}`;
      let attempts = 0;
      const saveAll: typeof store.saveAll = async (writes) => {
        attempts += 1;
        if (attempts === 1) await the().sendText('PATCH', url, '{"definition":{"Type":"SimpleFolder"}}', { 'if-match': '"1"' });
        return await store.saveAll(writes);
      };
      const racing = { ...under, store: { ...store, saveAll } };
      const app = serverOver(racing);
      const documents = [
        one('{"N": {"Type": "Folder"}}', 'new.json'),
        one('{"A": {"Type": "Folder", "J": {"Type": "Job:Dummy"}}}'),
      ];
      const answer = await contractOver(racing, app).send('POST', importUrl(id, '?replace=true'), { body: { documents } });
      await app.close();
      expect([answer.status, attempts]).toEqual([200, 2]);
      expect(await exported(id)).toEqual(documents);
      expect((await the().send('GET', url)).etag).toBe('"3"');
    });

    test('is refused beside another one of its name', async () => {
      const id = await newId();
      const { documents } = await imported(importUrl(id), one('{"A": {"Type": "Folder"}}'), one('{"B": {"Type": "Folder"}}'));
      expect(documents.map(({ status, findings }) => [status, findings.map(({ code }) => code)])).toEqual([
        ['imported', []],
        ['refused', ['DOCUMENT_TWICE']],
      ]);
      expect(await exported(id)).toEqual([one('{"A": {"Type": "Folder"}}')]);
    });

    test('with the same folder as another one is exported as it came, and so is the other', async () => {
      const id = await newId();
      const both = [
        one('{"A": {"Type": "Folder"}, "B": {"Type": "Folder"}}'),
        one('{ // Only this one.\n "A":   {"Type": "Folder"}}', 'two.json'),
      ];
      const { documents } = await imported(importUrl(id), ...both);
      expect(documents.map(({ status, folders }) => [status, folders[0]?.status])).toEqual([
        ['imported', 'created'],
        ['imported', 'unchanged'],
      ]);
      expect(await exported(id)).toEqual(both);
      const url = `${foldersUrl(id)}/${documents[0]?.folders[0]?.folderId}`;
      await the().sendText('PATCH', url, '{"name":"C","definition":{"Type":"SimpleFolder"}}', { 'if-match': '"1"' });
      const changed = both.map(({ text, name }) =>
        one(
          text.replace(/"A": +\{"Type": "Folder"\}/, (found) =>
            found.replace('"A"', '"C"').replace('{"Type": "Folder"}', '{"Type":"SimpleFolder"}'),
          ),
          name,
        ),
      );
      expect(await exported(id)).toEqual(changed);
      // What is exported can be imported elsewhere.
      const other = await newId();
      expect((await imported(importUrl(other), ...changed)).documents.map(({ status }) => status)).toEqual([
        'imported',
        'imported',
      ]);
      expect(await exported(other)).toEqual(changed);
    });

    test('knows the events of the documents beside it, before and behind it', async () => {
      const documents = [
        one(`{"A": {"Type": "Folder", ${waits('b')}, ${adds('a')}}}`, 'a.json'),
        one(`{"B": {"Type": "Folder", ${adds('b')}}}`, 'b.json'),
        one(`{"C": {"Type": "Folder", ${waits('a')}, "D": {"Type": "Job:Dummy", ${waits('refused')}}}}`, 'c.json'),
        one(`{"E": {"Type": "Folder", ${adds('refused')}, ${waits('a')}}, "E": {"Type": "Folder"}}`, 'refused.json'),
      ];
      const answer = await imported(importUrl(await newId()), ...documents);
      expect(answer.documents.map(({ findings }) => findings.map(({ code, pointer }) => [code, pointer]))).toEqual([
        [],
        [],
        [['EVENT_NOBODY_ADDS', '/C/D/in/Events/0/Event']],
        [
          ['FOLDER_TWICE', '/E'],
          ['DUPLICATE_NAME', '/E'],
        ],
      ]);
    });

    test('is refused whole where a folder of its name has another definition, unless it replaces', async () => {
      const id = await newId();
      await send(importUrl(id), one('{"A": {"Type": "Folder"}}'));
      const other = one('{"B": {"Type": "Folder"},\n "A": {"Type": "Folder", "J": {"Type": "Job:Dummy"}}}', 'two.json');
      const [refused] = (await imported(importUrl(id), other)).documents;
      expect([refused?.status, refused?.findings.map(({ code, line, column }) => [code, line, column])]).toEqual([
        'refused',
        [['FOLDER_EXISTS', 2, 2]],
      ]);
      expect(refused?.folders.map(({ status, folderId }) => [status, folderId === null])).toEqual([
        ['created', true],
        ['taken', false],
      ]);
      expect(await exported(id)).toEqual([one('{"A": {"Type": "Folder"}}')]);
      const [replaced] = (await imported(importUrl(id, '?replace=true'), other)).documents;
      expect(replaced?.folders.map(({ status }) => status)).toEqual(['created', 'updated']);
      // The first document has the folder still, as it is now.
      const now = one('{"A": {"Type": "Folder", "J": {"Type": "Job:Dummy"}}}');
      expect(await exported(id)).toEqual([now, other]);
    });

    test('is only judged by a dry run', async () => {
      const id = await newId();
      const { isDryRun, documents } = await imported(importUrl(id, '?dryRun=true'), orders);
      expect([isDryRun, documents[0]?.status, documents[0]?.folders[0]?.folderId]).toEqual([true, 'imported', null]);
      expect(await exported(id)).toEqual([]);
    });

    test('is refused where an import would have too many folders with it', async () => {
      const folders = Object.fromEntries(Array.from({ length: foldersPerImportMax }, (_, n) => [`F${n}`, { Type: 'Folder' }]));
      const sent = [one(JSON.stringify(folders)), one('{"MORE": {"Type": "Folder"}}', 'two.json')];
      const { documents } = await imported(importUrl(await newId(), '?dryRun=true'), ...sent);
      expect(documents.map(({ status, findings }) => [status, findings.map(({ code }) => code)])).toEqual([
        ['imported', []],
        ['refused', ['TOO_MANY_FOLDERS']],
      ]);
    });

    test('is refused where an earlier document of the same import defines its folder otherwise, in a dry run too', async () => {
      const id = await newId();
      const both = [one('{"A": {"Type": "Folder"}}'), one('{"A": {"Type": "SimpleFolder"}}', 'two.json')];
      for (const query of ['?dryRun=true', '']) {
        const { documents } = await imported(importUrl(id, query), ...both);
        expect(documents.map(({ status, folders }) => [status, folders[0]?.status])).toEqual([
          ['imported', 'created'],
          ['refused', 'taken'],
        ]);
      }
    });

    test.each([
      ['{"A": {"Type": "Folder" "B": 1}}', 'SYNTAX', 1, 25],
      ['{"P": {"Type": "ConnectionProfile:AWS"}}', 'NO_JOBS', 1, 1],
      ['{"DeployDescriptor": [{"Property": "Host", "Assign": "a"}]}', 'NO_JOBS', 1, 1],
      ['{"A": {"Type": "Folder"},\n"A": {"Type": "Folder"}}', 'FOLDER_TWICE', 2, 1],
      ['{"a\\u0007": {"Type": "Folder"}}', 'FOLDER_NAME', 1, 2],
      ['{"a\\ud800": {"Type": "Folder"}}', 'FOLDER_NAME', 1, 2],
      [`{"A": ${'{"a": '.repeat(60)}1${'}'.repeat(60)}}`, 'TOO_DEEP', 1, 253],
    ])('is refused with its place and a hint (document %#)', async (text, code, line, column) => {
      const id = await newId();
      const { documents } = await imported(importUrl(id), one(text), orders);
      expect(documents.map(({ status }) => status)).toEqual(['refused', 'imported']);
      expect(documents[0]?.findings).toContainEqual(
        expect.objectContaining({ code, severity: 'error', line, column, hint: expect.any(String) }),
      );
      expect(await exported(id)).toEqual([orders]);
    });

    test('keeps a name that comes twice, and tells it', async () => {
      const id = await newId();
      const text = '{"A": {"Type": "Folder", "J": {"Type": "Job:Dummy"}, "J": {"Type": "Job:Dummy"}}}';
      const [document] = (await imported(importUrl(id), one(text))).documents;
      expect(document?.findings.map(({ code, pointer, column }) => [code, pointer, column])).toEqual([
        ['DUPLICATE_NAME', '/A/J', 54],
      ]);
      expect([document?.folders[0]?.jobCount, await exported(id)]).toEqual([2, [one(text)]]);
    });

    test('is not found where it is not, in a workspace that is not there, and in a deleted one', async () => {
      const id = await newId();
      expect(await the().send('GET', exportUrl(id, '/document?name=x'))).toEqual(noSuch('document'));
      await the().send('DELETE', `/v1/workspaces/${id}`, { ifMatch: 1 });
      for (const gone of [id, '00000000-0000-4000-8000-000000000000']) {
        expect(await the().send('GET', exportUrl(gone))).toEqual(noSuch('workspace'));
        expect(await send(importUrl(gone), orders)).toEqual(noSuch('workspace'));
      }
    });
  });

  test('a list of jobs counts alike when it is imported and when it is saved as a folder', async () => {
    const id = await newId();
    const definition = '{"Type":"Folder","Jobs":[{"Type":"Job:Dummy","Name":"A"},{"Type":"Job","Name":"A"},1]}';
    const [document] = (await imported(importUrl(id), one(`{"A": ${definition}}`))).documents;
    const saved = await the().sendText('POST', foldersUrl(id), `{"name":"B","definition":${definition}}`);
    expect([document?.folders[0]?.jobCount, (JSON.parse(saved.text) as { jobCount: number }).jobCount]).toEqual([2, 2]);
  });

  describe('the check of a workspace', () => {
    test('knows the events of other folders, and what Defaults give', async () => {
      const id = await newId();
      const text = `{"Defaults": {"Command": "true"}, "A": {"Type": "Folder", "J": {"Type": "Job:Command", ${waits('b')}}},
        "B": {"Type": "Folder", "K": {"Type": "Job:Command", ${waits('nobody')}, "out": {"Type": "AddEvents", "Events": [{"Event": "b"}]}}}}`;
      await send(importUrl(id), one(text));
      const { body } = await the().send('GET', `/v1/workspaces/${id}/control-m/check`);
      expect(body).toEqual({
        folders: [
          {
            folderId: expect.any(String),
            name: 'B',
            findings: [expect.objectContaining({ code: 'EVENT_NOBODY_ADDS', pointer: '/K/in/Events/0/Event', line: 1 })],
          },
        ],
        documents: [],
        errors: 0,
        warnings: 1,
        notes: 0,
      });
    });

    test('knows the events that Defaults give to every job of a type', async () => {
      const id = await newId();
      const text = `{"Defaults": {"Job": {${waits('b')}, "out": {"Type": "AddEvents", "Events": [{"Event": "a"}]}}},
        "A": {"Type": "Folder", "J": {"Type": "Job:Dummy"}}, "B": {"Type": "Folder", ${waits('a')}, "Jobs": []}}`;
      await send(importUrl(id), one(text));
      const { body } = await the().send('GET', `/v1/workspaces/${id}/control-m/check`);
      const finding = { code: 'EVENT_NOBODY_ADDS', pointer: '/J', line: 1 };
      expect(body).toMatchObject({ folders: [{ name: 'A', findings: [finding] }], warnings: 1 });
      const jobs = (await the().send('GET', `/v1/workspaces/${id}/control-m/jobs?event=a`)).body;
      expect(jobs).toMatchObject({ items: [{ path: 'A/J', waitsFor: ['b'], adds: ['a'] }] });
    });

    test('finds what is wrong beside folders, at its place in the document', async () => {
      const id = await newId();
      const text = '{"Ping": {"Type": "Job:Command"},\n "Order": {"Type": "Flow", "Sequence": ["Ping", "Gone"]}}';
      const { documents } = await imported(importUrl(id), one(text), one(text, 'two.json'));
      const { body } = await the().send('GET', `/v1/workspaces/${id}/control-m/check`);
      const findings = [
        expect.objectContaining({ code: 'MISSING_PROPERTY', pointer: '/Ping', line: 1 }),
        expect.objectContaining({ code: 'UNKNOWN_FLOW_STEP', pointer: '/Order/Sequence/1', line: 2 }),
      ];
      expect(body).toEqual({
        folders: [],
        documents: documents.map(({ name, documentId }) => ({ documentId, name, findings })),
        errors: 4,
        warnings: 0,
        notes: 0,
      });
      const jobs = async (query: string) =>
        (await the().send('GET', `/v1/workspaces/${id}/control-m/jobs?limit=1${query}`)).body as {
          readonly items: readonly { readonly path: string }[];
          readonly nextCursor: string | null;
        };
      const first = await jobs('');
      const second = await jobs(`&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items].map(({ path }) => path)).toEqual(['Ping', 'Ping#2']);
    });
  });

  test('an import of no documents is refused', async () => {
    const answer = await the().send('POST', importUrl(await newId()), { body: { documents: [] } });
    expect(answer).toMatchObject(problem(400, 'INVALID', 'The body does not fit this operation.'));
  });
};
