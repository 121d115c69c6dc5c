import { controlMRoutes, definitionNestingMax } from '@guildhall/contracts';
import {
  createContext,
  cursorOf,
  omitUndefined,
  requireFound,
  requireRole,
  requireVersion,
  toPage,
  type Caller,
  type RequestOf,
  type VersionCondition,
} from '@guildhall/resources';
import type { StoredControlM } from './control-m/control-m-store.ts';
import { requireUnreferenced, type FolderEdit } from './control-m/folder-impact.ts';
import { searchFolders } from './control-m/search-folders.ts';
import { compareVersions, findVersion, findVersionPair, listVersions, restoreVersion, splitNote } from './document-versions.ts';
import { createDocument } from './create-document.ts';
import { deleteDocument, findDocument, listRequest, restoreDocument, updateDocument, type DocumentKind } from './documents.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { exactMemberOf, keepExactMember } from './exact-member.ts';
import { definitionFields, type DefinitionFields } from './folder-definition.ts';
import type { WorkspaceParts } from './parts.ts';
import type { FolderTypes, StoredFolder, StoredFolderVersion } from './workspace-store.ts';

const routes = controlMRoutes;

export const folderKind = ({ store }: WorkspaceParts): DocumentKind<FolderTypes> => ({
  noun: 'folder',
  area: 'control-m',
  resource: 'control-m-folder',
  store: store.controlMFolders,
  textOf: ({ definition }) => definition,
  summaryOf: ({ definition: _definition, ...summary }) => summary,
  fieldsOf: ({ name, definition, jobCount }) => ({ name, definition, jobCount }),
});

type Definition = Readonly<Record<string, unknown>>;

/** The fields to store for the definition in a body. */
const definitionIn = (body: object, definition: Definition): DefinitionFields => {
  const text = exactMemberOf(body);
  if (text === undefined) throw new Error('The body was not parsed by keepExactMember: the text of its definition is not known.');
  return definitionFields(text, definition);
};

/** A JSON object with one more member, `definition`: the stored text, character by character. */
const withDefinition = (head: object, definition: string): string =>
  `${JSON.stringify(head).slice(0, -1)},"definition":${definition}}`;

const answerOf = (folder: StoredFolder) => {
  const { id, workspaceId, name, jobCount, sizeBytes, sha256, createdBy, createdByName, version, createdAt, updatedAt } = folder;
  const { definition } = folder;
  // A remembered answer may come with its fields in another order.
  const head = { id, workspaceId, name, jobCount, sizeBytes, sha256, createdBy, createdByName, version, createdAt, updatedAt };
  return { jsonText: withDefinition(head, definition), version };
};

const answerOfVersion = ({ definition, ...head }: StoredFolderVersion) => ({ jsonText: withDefinition(head, definition) });

/** Adds the body parser that keeps the text of the definition. */
const withExactDefinition = (inner: Endpoint): Endpoint => ({
  contract: inner.contract,
  register: (app, options) =>
    void app.register(async (scope) => {
      keepExactMember(scope, 'definition', definitionNestingMax);
      inner.register(scope, options);
    }),
});

const list = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMFolders, async ({ caller, params, query }) => {
    const { q } = query;
    if (q !== undefined) return { body: await searchFolders(parts.store.controlM, caller.userId, { ...params, q, query }) };
    const found = parts.store.controlMFolders.list(caller.userId, params.workspaceId, listRequest(query));
    return { body: toPage(await requireFound('workspace', found), query, cursorOf) };
  });

const create = (parts: WorkspaceParts) =>
  endpoint(routes.createControlMFolder, async (call) => {
    const { name, definition, note } = call.body;
    const fields = { name, ...definitionIn(call.body, definition) };
    const folder = await createDocument(folderKind(parts), createContext(parts, call), { ...call.params, fields, note });
    return { ...answerOf(folder), createdId: folder.id };
  });

const pathOf = ({ workspaceId, folderId }: { readonly workspaceId: string; readonly folderId: string }) => ({
  workspaceId,
  id: folderId,
});

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMFolder, async (call) =>
    answerOf((await findDocument(folderKind(parts), createContext(parts, call), pathOf(call.params))).item),
  );

type FolderCall = RequestOf<Caller> & {
  readonly params: { readonly workspaceId: string; readonly folderId: string };
  readonly ifMatch: VersionCondition;
};

/**
 * A folder at the version that the caller read, with its workspace, for whoever may change it. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, UNPROCESSABLE.
 */
const readForImpact = async (parts: WorkspaceParts, call: FolderCall, verb: 'update' | 'delete') => {
  const context = createContext(parts, call);
  const { item, communityId, role } = await findDocument(folderKind(parts), context, pathOf(call.params));
  const resource = { type: 'control-m-folder', id: item.id, name: item.name };
  await requireRole(context, role, `control-m:${verb}`, { action: `control-m-folder.${verb}`, resource, communityId });
  requireVersion(item.version, call.ifMatch);
  const { userId } = call.caller;
  const stored = await requireFound('workspace', parts.store.controlM.readAll(userId, call.params.workspaceId));
  const impactOf = (edit: FolderEdit | undefined) => parts.analyse(userId, 'impact', stored, { row: item, edit });
  return { row: item, impactOf };
};

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateControlMFolder, async (call) => {
    const [{ name, definition }, note] = splitNote(call.body);
    if (call.query.dryRun === 'true') {
      const { row, impactOf } = await readForImpact(parts, call, 'update');
      const edited = { name, definition: definition && definitionIn(call.body, definition).definition };
      return { body: await impactOf(edited), version: row.version };
    }
    const edit = {
      ...omitUndefined({ name }),
      ...(definition === undefined ? {} : definitionIn(call.body, definition)),
    };
    const change = { ...pathOf(call.params), edit, note, ifMatch: call.ifMatch };
    return answerOf(await updateDocument(folderKind(parts), createContext(parts, call), change));
  });

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteControlMFolder, async (call) => {
    if (call.query.force !== 'true' || call.query.dryRun === 'true') {
      const { impactOf } = await readForImpact(parts, call, 'delete');
      const impact = await impactOf(undefined);
      if (call.query.dryRun === 'true') return { body: impact };
      requireUnreferenced(impact, 'Other folders of this workspace refer to this one.');
    }
    await deleteDocument(folderKind(parts), createContext(parts, call), { ...pathOf(call.params), ifMatch: call.ifMatch });
    return { status: 204 };
  });

const restore = (parts: WorkspaceParts) =>
  endpoint(routes.restoreControlMFolder, async (call) =>
    answerOf(await restoreDocument(folderKind(parts), createContext(parts, call), pathOf(call.params))),
  );

const listHistory = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMFolderVersions, async (call) => ({
    body: await listVersions(folderKind(parts), createContext(parts, call), { ...pathOf(call.params), query: call.query }),
  }));

const compare = (parts: WorkspaceParts) =>
  endpoint(routes.compareControlMFolderVersions, async (call) => {
    const path = { ...pathOf(call.params), ...call.query };
    return { body: await compareVersions(folderKind(parts), createContext(parts, call), parts.compareTexts, path) };
  });

/** Two versions are compared without the rest of their workspace. */
const noControlM: StoredControlM = { communityId: null, role: 'viewer', namingRules: [], folders: [], documents: [] };

const compareByJob = (parts: WorkspaceParts) =>
  endpoint(routes.compareControlMFolderVersionsByJob, async (call) => {
    const [kind, path] = [folderKind(parts), { ...pathOf(call.params), ...call.query }];
    const { from, to } = await findVersionPair(kind, createContext(parts, call), path);
    const differences = await parts.analyse(call.caller.userId, 'compareVersions', noControlM, { from, to });
    return { body: { from: kind.summaryOf(from), to: kind.summaryOf(to), differences } };
  });

const versionPathOf = ({ version, ...path }: Parameters<typeof pathOf>[0] & { readonly version: number }) => ({
  ...pathOf(path),
  version,
});

const getVersion = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMFolderVersion, async (call) =>
    answerOfVersion(await findVersion(folderKind(parts), createContext(parts, call), versionPathOf(call.params))),
  );

const restoreOne = (parts: WorkspaceParts) =>
  endpoint(routes.restoreControlMFolderVersion, async (call) => {
    const path = { ...versionPathOf(call.params), ifMatch: call.ifMatch };
    return answerOf(await restoreVersion(folderKind(parts), createContext(parts, call), path));
  });

/** Control-M folders: the same for solo and shared workspaces. */
export const controlMEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  withExactDefinition(create(parts)),
  get(parts),
  withExactDefinition(update(parts)),
  remove(parts),
  restore(parts),
  listHistory(parts),
  compare(parts),
  compareByJob(parts),
  getVersion(parts),
  restoreOne(parts),
];
