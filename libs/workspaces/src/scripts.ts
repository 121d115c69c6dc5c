import { workspaceRoutes, type Script, type ScriptSummary } from '@guildhall/contracts';
import { encodeCursor } from '@guildhall/http';
import {
  createDocument,
  deleteDocument,
  findDocument,
  listDocuments,
  updateDocument,
  type DocumentHead,
  type DocumentKind,
} from './documents.ts';
import { endpoint, versioned, type Endpoint } from './endpoint.ts';
import { pageRequest, readVersionCursor, toPage } from './pages.ts';
import type { WorkspaceParts } from './parts.ts';
import { notFound } from './refusals.ts';

const routes = workspaceRoutes;

/** A character takes at most 12 bytes in JSON: a surrogate pair, each half escaped. */
const jsonBytesPerCharacterMax = 12;
const otherFieldsBytesMax = 65_536;
/** A request that saves a script may hold the longest text in the longest way to write it. */
const scriptBodyBytesMax = workspaceRoutes.scriptContentCharactersMax * jsonBytesPerCharacterMax + otherFieldsBytesMax;

type ScriptFields = Omit<Script, keyof DocumentHead>;

const kindOf = ({ store }: WorkspaceParts): DocumentKind<ScriptFields, ScriptSummary> => ({
  noun: 'script',
  area: 'script',
  resource: 'script',
  store: store.scripts,
});

const list = (parts: WorkspaceParts) =>
  endpoint(routes.listScripts, async (call) => ({ body: await listDocuments(kindOf(parts), call) }));

const create = (parts: WorkspaceParts) =>
  endpoint(
    routes.createScript,
    async (call) => versioned(await createDocument(parts, kindOf(parts), call, call.body)),
    scriptBodyBytesMax,
  );

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getScript, async (call) => versioned((await findDocument(kindOf(parts), call, call.params.scriptId)).item));

const update = (parts: WorkspaceParts) =>
  endpoint(
    routes.updateScript,
    async (call) => versioned(await updateDocument(parts, kindOf(parts), call, call.params.scriptId, call.body)),
    scriptBodyBytesMax,
  );

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteScript, async (call) => {
    await deleteDocument(parts, kindOf(parts), call, call.params.scriptId);
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
