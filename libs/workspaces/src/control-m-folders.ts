import { controlMRoutes, definitionNestingMax, type ControlMFolderSummary } from '@guildhall/contracts';
import { createContext, omitUndefined } from '@guildhall/resources';
import {
  createDocument,
  deleteDocument,
  findDocument,
  listDocuments,
  updateDocument,
  type DocumentHead,
  type DocumentKind,
} from './documents.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { exactMemberOf, keepExactMember } from './exact-member.ts';
import { definitionFields, type DefinitionFields } from './folder-definition.ts';
import type { WorkspaceParts } from './parts.ts';
import type { StoredFolder } from './workspace-store.ts';

const routes = controlMRoutes;

type FolderFields = Omit<StoredFolder, keyof DocumentHead>;

const kindOf = ({ store }: WorkspaceParts): DocumentKind<FolderFields, ControlMFolderSummary> => ({
  noun: 'folder',
  area: 'control-m',
  resource: 'control-m-folder',
  store: store.controlMFolders,
});

type Definition = Readonly<Record<string, unknown>>;

/** The fields to store for the definition in a body. */
const definitionIn = (body: object, definition: Definition): DefinitionFields => {
  const text = exactMemberOf(body);
  if (text === undefined) throw new Error('The body was not parsed by keepExactMember: the text of its definition is not known.');
  return definitionFields(text, definition);
};

/** The answer of a folder: its definition is the stored JSON text, character by character. */
const answerOf = (folder: StoredFolder) => {
  const { id, workspaceId, name, jobCount, createdBy, version, createdAt, updatedAt, definition } = folder;
  // A remembered answer may come with its fields in another order.
  const head = JSON.stringify({ id, workspaceId, name, jobCount, createdBy, version, createdAt, updatedAt });
  return { jsonText: `${head.slice(0, -1)},"definition":${definition}}`, version };
};

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
  endpoint(routes.listControlMFolders, async (call) => ({
    body: await listDocuments(kindOf(parts), createContext(parts, call), { ...call.params, query: call.query }),
  }));

const create = (parts: WorkspaceParts) =>
  endpoint(routes.createControlMFolder, async (call) => {
    const { name, definition } = call.body;
    const fields = { name, ...definitionIn(call.body, definition) };
    const folder = await createDocument(kindOf(parts), createContext(parts, call), { ...call.params, fields });
    return { ...answerOf(folder), createdId: folder.id };
  });

const pathOf = ({ workspaceId, folderId }: { readonly workspaceId: string; readonly folderId: string }) => ({
  workspaceId,
  id: folderId,
});

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMFolder, async (call) =>
    answerOf((await findDocument(kindOf(parts), createContext(parts, call), pathOf(call.params))).item),
  );

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateControlMFolder, async (call) => {
    const { name, definition } = call.body;
    const edit = {
      ...omitUndefined({ name }),
      ...(definition === undefined ? {} : definitionIn(call.body, definition)),
    };
    const change = { ...pathOf(call.params), edit, ifMatch: call.ifMatch };
    return answerOf(await updateDocument(kindOf(parts), createContext(parts, call), change));
  });

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteControlMFolder, async (call) => {
    await deleteDocument(kindOf(parts), createContext(parts, call), { ...pathOf(call.params), ifMatch: call.ifMatch });
    return {};
  });

/** Control-M folders: the same for solo and shared workspaces. */
export const controlMEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  withExactDefinition(create(parts)),
  get(parts),
  withExactDefinition(update(parts)),
  remove(parts),
];
