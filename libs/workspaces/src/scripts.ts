import { scriptRoutes, type Script, type ScriptSummary } from '@guildhall/contracts';
import { created, versioned } from '@guildhall/http';
import { createContext, encodeCursor, notFound, pageRequest, readVersionCursor, toPage } from '@guildhall/resources';
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
import type { WorkspaceParts } from './parts.ts';

const routes = scriptRoutes;

type ScriptFields = Omit<Script, keyof DocumentHead>;

const kindOf = ({ store }: WorkspaceParts): DocumentKind<ScriptFields, ScriptSummary> => ({
  noun: 'script',
  area: 'script',
  resource: 'script',
  store: store.scripts,
});

const list = (parts: WorkspaceParts) =>
  endpoint(routes.listScripts, async (call) => ({
    body: await listDocuments(kindOf(parts), createContext(parts, call), { ...call.params, query: call.query }),
  }));

const create = (parts: WorkspaceParts) =>
  endpoint(routes.createScript, async (call) =>
    created(await createDocument(kindOf(parts), createContext(parts, call), { ...call.params, fields: call.body })),
  );

const pathOf = ({ workspaceId, scriptId }: { readonly workspaceId: string; readonly scriptId: string }) => ({
  workspaceId,
  id: scriptId,
});

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getScript, async (call) =>
    versioned((await findDocument(kindOf(parts), createContext(parts, call), pathOf(call.params))).item),
  );

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateScript, async (call) => {
    const change = { ...pathOf(call.params), edit: call.body, ifMatch: call.ifMatch };
    return versioned(await updateDocument(kindOf(parts), createContext(parts, call), change));
  });

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteScript, async (call) => {
    await deleteDocument(kindOf(parts), createContext(parts, call), { ...pathOf(call.params), ifMatch: call.ifMatch });
    return {};
  });

const listVersions = ({ store }: WorkspaceParts) =>
  endpoint(routes.listScriptVersions, async ({ caller, params, query }) => {
    const page = pageRequest(query, readVersionCursor);
    const rows = await store.listScriptVersions(caller.userId, params.workspaceId, params.scriptId, page);
    if (rows === undefined) throw notFound('script');
    return { body: toPage(rows, query, ({ version }) => encodeCursor([version])) };
  });

const getVersion = ({ store }: WorkspaceParts) =>
  endpoint(routes.getScriptVersion, async ({ caller, params }) => {
    const { workspaceId, scriptId, version } = params;
    const body = await store.findScriptVersion(caller.userId, workspaceId, scriptId, version);
    if (body === undefined) throw notFound('version');
    return { body };
  });

/** Scripts and their versions: the same for solo and shared workspaces. */
export const scriptEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  create(parts),
  get(parts),
  update(parts),
  remove(parts),
  listVersions(parts),
  getVersion(parts),
];
