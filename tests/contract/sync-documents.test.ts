import type { ControlMImport, WorkspaceSync } from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneFor, rowsOf, startSyncedCopies, type SyncedCopies } from './synced-copies.ts';

/** The synchronisation of imported Control-M documents, with the folders that were made of them, and of the workspace itself. */
let copies: SyncedCopies;
let token: string;

beforeAll(async () => {
  copies = await startSyncedCopies(2);
  token = await copies.member('owner');
});
afterAll(() => copies.stop());

type Side = Pick<Awaited<ReturnType<typeof cloneFor>>['shared'], 'send'>;

const textOf = (command: string, more = ''): string =>
  `// nightly\n{"DAY": {"Type": "Folder", "Load": {"Type": "Job:Command", "Command": "${command}"}},\n ${more}"Ping": {"Type": "Job:Dummy"}, }\n`;

const importInto = async ({ send }: Side, text: string) => {
  const body = { documents: [{ name: 'day.json', text }] };
  const answer = await send('/control-m/import?replace=true', { method: 'POST', body });
  const [document] = (answer.body as ControlMImport).documents;
  expect([answer.status, document?.status]).toEqual([200, 'imported']);
  return { documentId: String(document?.documentId), folderIds: document?.folders.map(({ folderId }) => String(folderId)) ?? [] };
};

const exportOf = async ({ send }: Side): Promise<unknown> => {
  const { body } = await send('/control-m/export');
  return (body as { documents: { name: string; text: string }[] }).documents;
};
const dayOf = async (side: Side): Promise<string | undefined> =>
  ((await exportOf(side)) as { name: string; text: string }[]).find(({ name }) => name === 'day.json')?.text;

const removeFrom = async ({ send }: Side, path: string): Promise<void> => {
  const { version } = (await send(path)).body as { version: number };
  const answer = await send(`${path}?force=true`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });
  expect(answer.status).toBe(204);
};

const imported = async () => {
  const workspace = await cloneFor(copies, token);
  const ids = await importInto(workspace.mine, textOf('load'));
  expect(rowsOf(await workspace.mine.sync())).toEqual(['DAY push new-here done', 'day.json push new-here done']);
  expect(rowsOf(await workspace.other.sync())).toEqual(['DAY pull new-there done', 'day.json pull new-there done']);
  return { ...workspace, ...ids, everyone: [workspace.mine, workspace.shared, workspace.other] };
};

describe('an imported document', () => {
  test('is exported from every side as it came, also when it was imported anew, with another folder behind a name', async () => {
    const { mine, other, everyone, folderIds } = await imported();
    for (const side of everyone) expect(await dayOf(side)).toBe(textOf('load'));

    const edited = textOf('load --all', '"EVE": {"Type": "Folder", "Mail": {"Type": "Job:Dummy"}}, ');
    await importInto(other, edited);
    await other.sync();
    await mine.sync();
    for (const side of everyone) expect(await dayOf(side)).toBe(edited);

    // The text is the same, and the folder behind its name another one.
    await removeFrom(mine, `/control-m/folders/${folderIds[0]}`);
    const { folderIds: others } = await importInto(mine, edited);
    expect(others).not.toEqual(folderIds);
    expect(rowsOf(await mine.sync())).toEqual([
      'DAY delete deleted-here done',
      'DAY push new-here done',
      'day.json push changed-here done',
    ]);
    await other.sync();
    const exports: unknown[] = [];
    for (const side of everyone) exports.push(await exportOf(side));
    expect(exports).toEqual(everyone.map(() => exports[0]));
    for (const side of everyone) expect(await dayOf(side)).toBe(edited);
    for (const machine of [mine, other]) expect(rowsOf(await machine.sync())).toEqual([]);
  });

  test('is deleted and restored on the other side, and an undo brings it back', async () => {
    const { mine, shared, other, documentId, undo } = await imported();
    const path = `/control-m/documents/${documentId}`;
    await removeFrom(mine, path);
    const done = await mine.sync();
    expect(rowsOf(done)).toEqual(['day.json delete deleted-here done']);
    expect(rowsOf(await other.sync())).toEqual(['day.json delete deleted-there done']);
    for (const side of [shared, other]) expect((await side.send(path)).status).toBe(404);
    expect((await undo((done.body as WorkspaceSync).id)).body).toMatchObject({ rows: [{ state: 'undone' }] });
    expect(await dayOf(shared)).toBe(textOf('load'));
    expect(rowsOf(await other.sync())).toEqual(['day.json pull restored-there done']);
    expect(await dayOf(other)).toBe(textOf('load'));
  });

  test('that both changed differently is a conflict with three texts, and takes a merged one', async () => {
    const { mine, shared, documentId } = await imported();
    const [here, there, both] = ['"Here"', '"There"', '"Both"'].map((name) => textOf('load', `${name}: {"Type": "Job:Dummy"}, `));
    await importInto(mine, here ?? '');
    await importInto(shared, there ?? '');
    const { body } = await mine.sync();
    const { rows } = body as WorkspaceSync;
    expect(rows).toMatchObject([{ kind: 'control-m-document', action: 'conflict', reason: 'changed-differently', documentId }]);
    const path = `/conflicts/${String(rows[0]?.conflictId)}`;
    const conflict = (await mine.send(path)).body as Record<'base' | 'mine' | 'theirs', { readonly source: string }>;
    expect([conflict.base, conflict.mine, conflict.theirs].map(({ source }) => source)).toEqual([textOf('load'), here, there]);
    const answer = await mine.send(`${path}/resolve`, {
      method: 'POST',
      body: { take: 'merged', document: { ...conflict.mine, source: both } },
    });
    expect(answer.status).toBe(200);
    expect(rowsOf(await mine.sync())).toEqual(['day.json push changed-here done']);
    for (const side of [mine, shared]) expect(await dayOf(side)).toBe(both);
  });

  test('waits for its folder where that is refused', async () => {
    const { mine, shared } = await cloneFor(copies, token);
    await shared.create('control-m/folders', { name: 'DAY', definition: { Type: 'Folder' } });
    const { folderIds } = await importInto(mine, textOf('load'));
    const answer = await mine.sync();
    expect(rowsOf(answer)).toEqual(['DAY pull new-there refused', 'DAY push new-here refused', 'day.json push new-here refused']);
    expect((answer.body as WorkspaceSync).rows.at(-1)).toMatchObject({
      code: 'CONFLICT',
      detail: 'The folder DAY of this document was refused.',
    });
    await mine.patch('control-m/folders', folderIds[0] ?? '', { name: 'DAY_2' });
    expect(rowsOf(await mine.sync())).toEqual([
      'DAY pull new-there done',
      'DAY_2 push new-here done',
      'day.json push new-here done',
    ]);
    expect(await dayOf(shared)).toBe(await dayOf(mine));
  });
});

const change = async ({ send }: Side, method: 'PATCH' | 'PUT', body: object): Promise<void> => {
  const { version } = (await send('')).body as { version: number };
  const path = method === 'PUT' ? '/control-m/naming-rules' : '';
  const answer = await send(path, { method, body, headers: { 'if-match': `"${version}"` } });
  expect(answer.status).toBe(200);
};
const saidBy = async ({ send }: Side) => {
  const { name, description } = (await send('')).body as { name: string; description: string };
  const { rules } = (await send('/control-m/naming-rules')).body as { rules: unknown };
  return { name, description, rules };
};

describe('what a workspace itself says', () => {
  const rules = [{ appliesTo: 'job', forms: ['ORD_*_##'], message: 'Orders begin with ORD_.' }];

  test('goes from a copy through the shared workspace into another copy, and back with an undo', async () => {
    const { mine, shared, other, undo } = await cloneFor(copies, token);
    const before = await saidBy(shared);
    await change(mine, 'PATCH', { name: 'Late night', description: 'From midnight.' });
    await change(mine, 'PUT', { rules });
    expect(rowsOf(await mine.plan())).toEqual(['Late night push changed-here planned']);
    const done = await mine.sync();
    expect((done.body as WorkspaceSync).rows).toMatchObject([
      { kind: 'workspace', action: 'push', state: 'done', sharedVersion: 2 },
    ]);
    expect(rowsOf(await other.sync())).toEqual(['Night pull changed-there done']);
    const said = { name: 'Late night', description: 'From midnight.', rules };
    for (const side of [mine, shared, other]) expect(await saidBy(side)).toEqual(said);
    for (const machine of [mine, other]) expect(rowsOf(await machine.sync())).toEqual([]);

    await undo((done.body as WorkspaceSync).id);
    expect(await saidBy(shared)).toEqual(before);
    expect(await saidBy(mine)).toEqual(said);
    expect(rowsOf(await mine.plan())).toEqual(['Late night push changed-here planned']);
  });

  test('that both changed differently is a conflict, and the next synchronisation pushes what it was resolved to', async () => {
    const { mine, shared } = await cloneFor(copies, token);
    await change(mine, 'PATCH', { name: 'Mine' });
    await change(shared, 'PATCH', { name: 'Theirs' });
    const { rows } = (await mine.sync()).body as WorkspaceSync;
    expect(rows).toMatchObject([{ kind: 'workspace', action: 'conflict', reason: 'changed-differently' }]);
    const path = `/conflicts/${String(rows[0]?.conflictId)}`;
    const conflict = (await mine.send(path)).body as Record<'base' | 'mine' | 'theirs', { readonly name: string }>;
    expect([conflict.base, conflict.mine, conflict.theirs].map(({ name }) => name)).toEqual(['Night', 'Mine', 'Theirs']);
    const document = { ...conflict.mine, name: 'Ours' };
    expect((await mine.send(`${path}/resolve`, { method: 'POST', body: { take: 'merged', document } })).status).toBe(200);
    expect(rowsOf(await mine.sync())).toEqual(['Ours push changed-here done']);
    for (const side of [mine, shared]) expect((await saidBy(side)).name).toBe('Ours');
  });

  test('that both changed alike is quiet, and a viewer pushes nothing of it', async () => {
    const { mine, shared } = await cloneFor(copies, token);
    for (const side of [mine, shared]) await change(side, 'PATCH', { name: 'Both' });
    expect(rowsOf(await mine.sync())).toEqual(['Both nothing changed-alike done']);
    expect(rowsOf(await mine.sync())).toEqual([]);
    await change(mine, 'PUT', { rules });
    const refused = (await mine.sync(await copies.member('viewer'))).body as WorkspaceSync;
    expect(refused.rows).toMatchObject([{ kind: 'workspace', state: 'refused', code: 'FORBIDDEN' }]);
    expect(rowsOf(await mine.sync())).toEqual(['Both push changed-here done']);
  });
});
