import { controlMRoutes, type ControlMFolderSummary } from '@guildhall/contracts';
import type { Answer } from '@guildhall/http';
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
import type { KeptFolder } from './workspace-store.ts';

const routes = controlMRoutes;

const otherFieldsBytesMax = 65_536;
const folderBodyBytesMax = routes.definitionBytesMax + otherFieldsBytesMax;

type FolderFields = Omit<KeptFolder, keyof DocumentHead>;

const kindOf = ({ store }: WorkspaceParts): DocumentKind<FolderFields, ControlMFolderSummary> => ({
  noun: 'folder',
  area: 'control-m',
  resource: 'control-m-folder',
  store: store.controlMFolders,
});

type Definition = Readonly<Record<string, unknown>>;

/** The definition of a body as it is to be kept. */
const definitionIn = (body: object, definition: Definition): DefinitionFields => {
  const text = exactMemberOf(body);
  if (text === undefined) throw new Error('The body was not read by keepExactMember: the text of its definition is lost.');
  return definitionFields(text, definition);
};

/** The folder as an answer: its definition is written just as it came, and read by nobody on the way. */
const answered = (folder: KeptFolder): Answer => {
  const { id, workspaceId, name, jobCount, createdBy, version, createdAt, updatedAt, definition } = folder;
  // A remembered answer may come with its fields in another order.
  const head = JSON.stringify({ id, workspaceId, name, jobCount, createdBy, version, createdAt, updatedAt });
  return {
    body: `${head.slice(0, -1)},"definition":${definition}}`,
    version,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  };
};

/** Bodies of this operation keep the text of their definition. */
const withExactDefinition = (inner: Endpoint): Endpoint => ({
  contract: inner.contract,
  register: (app, options) =>
    void app.register(async (scope) => {
      keepExactMember(scope, 'definition', routes.definitionNestingMax);
      inner.register(scope, options);
    }),
});

const list = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMFolders, async (call) => ({ body: await listDocuments(kindOf(parts), call) }));

const create = (parts: WorkspaceParts) =>
  endpoint(
    routes.createControlMFolder,
    async (call) => {
      const { name, definition } = call.body;
      return answered(await createDocument(parts, kindOf(parts), call, { name, ...definitionIn(call.body, definition) }));
    },
    folderBodyBytesMax,
  );

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMFolder, async (call) =>
    answered((await findDocument(kindOf(parts), call, call.params.folderId)).item),
  );

const update = (parts: WorkspaceParts) =>
  endpoint(
    routes.updateControlMFolder,
    async (call) => {
      const { name, definition } = call.body;
      const edit = {
        ...(name === undefined ? {} : { name }),
        ...(definition === undefined ? {} : definitionIn(call.body, definition)),
      };
      return answered(await updateDocument(parts, kindOf(parts), call, call.params.folderId, edit));
    },
    folderBodyBytesMax,
  );

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteControlMFolder, async (call) => {
    await deleteDocument(parts, kindOf(parts), call, call.params.folderId);
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
