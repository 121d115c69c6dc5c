import { randomUUID } from 'node:crypto';
import type { DocumentPush, SharedDocument, SyncedDocument } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { outboxOf } from '../support/outbox.ts';
import { newPlace, type Place } from '../support/people.ts';
import { newUser, noSuch, problem, stale, type User } from '../support/team-service.ts';
import { useTeamService } from '../support/use-team-service.ts';

/** The internal routes by which a gateway synchronises a copy of a shared workspace. */
const { service, outbox } = useTeamService();

const script: SyncedDocument = {
  kind: 'script',
  name: 'load.sh',
  language: 'shell',
  description: 'Loads.',
  tags: ['nightly'],
  content: 'echo né\n',
};
const folder: SyncedDocument = {
  kind: 'control-m-folder',
  name: 'NIGHT',
  definition: '{"Type": "Folder",  "Load": {"Type": "Job:Dummy", "N": 1.50}}',
};
const imported: SyncedDocument = {
  kind: 'control-m-document',
  name: 'night.json',
  source: '{"NIGHT": {"Type": "Folder"}, } // né',
  folders: [{ name: 'NIGHT', folderId: '4d5e6f7a-8b9c-4d1e-8f2a-3b4c5d6e7f8a' }],
};
const documents = [script, folder, imported] as const;
const pathOf: Partial<Record<SyncedDocument['kind'], string>> = {
  script: 'scripts',
  'control-m-folder': 'control-m/folders',
  'control-m-document': 'control-m/documents',
} as const;

const newWorkspace = async (place: Place): Promise<string> => {
  const { body } = await service.as(place.owner)('POST', `/v1/communities/${place.id}/workspaces`, { body: { name: 'Night' } });
  return (body as { id: string }).id;
};

/** The push of a new document, changed as a test needs it. */
const pushOf = (document: SyncedDocument, given: Partial<DocumentPush> = {}): DocumentPush => ({
  kind: document.kind,
  pushId: randomUUID(),
  ifVersion: null,
  note: 'From the copy',
  document,
  ...given,
});

const documentsOf = (workspaceId: string, id: string, user: User) => {
  const send = service.as(user);
  const at = `/internal/workspaces/${workspaceId}/documents/${id}`;
  return {
    push: (push: DocumentPush) => send('PUT', at, { body: push }),
    find: (kind: SyncedDocument['kind']) => send('GET', `${at}?kind=${kind}`),
    versions: async (kind: SyncedDocument['kind']) => {
      const { body } = await send('GET', `/v1/workspaces/${workspaceId}/${pathOf[kind]}/${id}/versions`);
      return (body as { items: { version: number; note: string }[] }).items.map(({ version, note }) => [version, note]);
    },
  };
};

/** A document of a workspace that its owner pushes. */
const pushed = async (roles: Parameters<typeof newPlace>[1] = []) => {
  const place = await newPlace(service, roles);
  const [workspaceId, id] = [await newWorkspace(place), randomUUID()];
  return { place, workspaceId, id, ...documentsOf(workspaceId, id, place.owner) };
};

const isAt = (version: number) => ({ status: 200, etag: undefined, body: { version } });
const edited = (document: SyncedDocument, name: string): SyncedDocument => ({ ...document, name });
const deletion = (document: SyncedDocument, ifVersion: number | null) => pushOf(document, { ifVersion, document: null });

describe('PUT /internal/workspaces/:workspaceId/documents/:documentId', () => {
  test.each(documents)('stores a $kind under its id, once', async (document) => {
    const { place, id, push, find, versions } = await pushed();
    const first = pushOf(document);
    expect([await push(first), await push(first)]).toEqual([isAt(1), isAt(1)]);
    const second = pushOf(edited(document, 'NEXT'), { ifVersion: 1, note: '' });
    expect([await push(second), await push(second)]).toEqual([isAt(2), isAt(2)]);
    // A first answer that was lost is asked for long after.
    expect(await push(first)).toEqual(isAt(1));
    expect(await versions(document.kind)).toEqual([
      [2, ''],
      [1, 'From the copy'],
    ]);
    const { body } = await find(document.kind);
    const found: SharedDocument = {
      document: edited(document, 'NEXT'),
      version: 2,
      savedBy: place.owner.userId,
      savedAt: expect.any(String) as string,
      note: '',
    };
    expect(body).toEqual({ found });
    const events = await outboxOf(outbox, place.id);
    expect(events.filter(({ resource }) => resource.id === id).map(({ action }) => action)).toEqual([
      `${document.kind}.create`,
      `${document.kind}.update`,
    ]);
  });

  test.each(documents)('deletes a $kind, and restores it with what is new in it, each once', async (document) => {
    const { push, find, versions } = await pushed();
    await push(pushOf(document));
    const remove = deletion(document, 1);
    expect([await push(remove), await push(remove)]).toEqual([isAt(2), isAt(2)]);
    expect(await find(document.kind)).toEqual({ status: 200, etag: undefined, body: { found: null } });
    const restore = pushOf(edited(document, 'BACK'));
    expect([await push(restore), await push(restore)]).toEqual([isAt(3), isAt(3)]);
    expect((await find(document.kind)).body).toMatchObject({ found: { document: edited(document, 'BACK'), version: 3 } });
    expect(await versions(document.kind)).toEqual([
      [3, 'From the copy'],
      [1, 'From the copy'],
    ]);
  });

  test.each(documents)('overwrites no version of a $kind that it does not follow', async (document) => {
    const { push } = await pushed();
    await push(pushOf(document));
    await push(pushOf(edited(document, 'NEXT'), { ifVersion: 1 }));
    const late = [1, null].map((ifVersion) => pushOf(edited(document, 'LATE'), { ifVersion }));
    const deletions = [deletion(document, 1), deletion(document, null)];
    for (const one of [...late, ...deletions]) expect(await push(one)).toEqual(stale(2));
    await push(deletion(document, 2));
    expect(await push(pushOf(edited(document, 'LATE'), { ifVersion: 2 }))).toEqual(stale(3));
  });

  test('stores one version when the same push comes many times at once', async () => {
    for (const document of documents) {
      const { push, versions } = await pushed();
      const first = pushOf(document);
      expect(await Promise.all(Array.from({ length: 4 }, () => push(first)))).toEqual(Array.from({ length: 4 }, () => isAt(1)));
      const next = pushOf(edited(document, 'NEXT'), { ifVersion: 1 });
      expect(await Promise.all(Array.from({ length: 4 }, () => push(next)))).toEqual(Array.from({ length: 4 }, () => isAt(2)));
      expect(await versions(document.kind)).toHaveLength(2);
    }
  });

  test('asks for the permission of each change, and shows a stranger nothing', async () => {
    const { place, workspaceId, id, push } = await pushed(['viewer']);
    const [viewer] = place.members;
    const refused = problem(403, 'FORBIDDEN');
    for (const document of documents) {
      const another = documentsOf(workspaceId, randomUUID(), viewer ?? newUser());
      expect(await another.push(pushOf(document))).toEqual(refused);
    }
    await push(pushOf(script));
    const asViewer = documentsOf(workspaceId, id, viewer ?? newUser());
    expect(await asViewer.push(pushOf(edited(script, 'MINE'), { ifVersion: 1 }))).toEqual(refused);
    expect(await asViewer.push(deletion(script, 1))).toEqual(refused);
    expect((await asViewer.find('script')).status).toBe(200);
    const asStranger = documentsOf(workspaceId, id, newUser());
    expect(await asStranger.find('script')).toEqual(noSuch('workspace'));
    expect(await asStranger.push(pushOf(script))).toEqual(noSuch('workspace'));
    expect(await asStranger.push(deletion(script, 1))).toEqual(noSuch('script'));
  });

  test('refuses an id and a name that are in use', async () => {
    const { place, id, push } = await pushed();
    for (const document of documents) {
      await push(pushOf(document));
      const elsewhere = documentsOf(await newWorkspace(place), id, place.owner);
      expect(await elsewhere.push(pushOf(document))).toEqual(
        problem(409, 'CONFLICT', 'The id of this document is in use already.'),
      );
    }
    const { workspaceId, ...one } = await pushed();
    await one.push(pushOf(folder));
    const other = documentsOf(workspaceId, randomUUID(), one.place.owner);
    expect(await other.push(pushOf(folder))).toEqual(
      problem(409, 'CONFLICT', 'A folder of this workspace has this name already.'),
    );
  });

  test.each([
    ['no JSON', '{"Type": '],
    ['a list', '[]'],
    ['a member twice', '{"Type": "Folder", "Type": "Folder"}'],
    ['a name of prototypes', '{"Type": "Folder", "__proto__": {}}'],
    ['what ends it early', '{}, "other": {}'],
  ])('refuses a definition that is %s', async (_what, definition) => {
    const { push } = await pushed();
    expect(await push(pushOf({ ...folder, definition }))).toMatchObject({
      status: 400,
      body: { code: 'INVALID', errors: [{ path: '/document/definition' }] },
    });
  });

  test('refuses a document of another kind than it says', async () => {
    const { push } = await pushed();
    expect(await push(pushOf(script, { kind: 'control-m-folder' }))).toMatchObject({
      status: 400,
      body: { code: 'INVALID', errors: [{ path: '/document/kind' }] },
    });
  });

  test('stores what a workspace itself says, once', async () => {
    const place = await newPlace(service, ['viewer']);
    const workspaceId = await newWorkspace(place);
    const { push, find } = documentsOf(workspaceId, workspaceId, place.owner);
    const said: SyncedDocument = {
      kind: 'workspace',
      name: 'Late',
      description: 'From midnight.',
      namingRules: [{ appliesTo: 'job', forms: ['ORD_*'] }],
    };
    const first = pushOf(said, { ifVersion: 1 });
    expect([await push(first), await push(first)]).toEqual([isAt(2), isAt(2)]);
    expect((await find('workspace')).body).toMatchObject({ found: { document: said, version: 2 } });
    for (const late of [pushOf(edited(said, 'LATE'), { ifVersion: 1 }), pushOf(edited(said, 'LATE')), deletion(said, 2)]) {
      expect(await push(late)).toEqual(stale(2));
    }
    const [viewer] = place.members;
    const asViewer = documentsOf(workspaceId, workspaceId, viewer ?? newUser());
    expect(await asViewer.push(pushOf(edited(said, 'MINE'), { ifVersion: 2 }))).toEqual(problem(403, 'FORBIDDEN'));
    const asStranger = documentsOf(workspaceId, workspaceId, newUser());
    expect(await asStranger.push(first)).toEqual(noSuch('workspace'));
    expect(await asStranger.find('workspace')).toEqual(noSuch('workspace'));
    const elsewhere = documentsOf(workspaceId, randomUUID(), place.owner);
    expect(await elsewhere.push(first)).toEqual(noSuch('workspace'));
    const events = await outboxOf(outbox, place.id);
    const mine = events.filter(({ action, actor }) => actor.id === place.owner.userId && action === 'workspace.update');
    expect(mine.map(({ changes }) => changes?.map(({ path }) => path))).toEqual([['/name', '/description', '/namingRules']]);
  });
});
