import { scriptRoutes } from '@guildhall/contracts';
import { created, versioned } from '@guildhall/http';
import { createContext } from '@guildhall/resources';
import { previewScriptChange, requireUnusedScript } from './control-m/script-impact.ts';
import { compareVersions, findVersion, listVersions, restoreVersion, splitNote } from './document-versions.ts';
import { createDocument } from './create-document.ts';
import { deleteDocument, findDocument, restoreDocument, updateDocument, type DocumentKind } from './documents.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { fileNameOf } from './file-name.ts';
import type { WorkspaceParts } from './parts.ts';
import { withPlainText } from './plain-text-body.ts';
import { listScripts } from './script-list.ts';
import type { ScriptTypes } from './workspace-store.ts';

const routes = scriptRoutes;

export const scriptKind = ({ store }: WorkspaceParts): DocumentKind<ScriptTypes> => ({
  noun: 'script',
  area: 'script',
  resource: 'script',
  store: store.scripts,
  textOf: ({ content }) => content,
  summaryOf: ({ content: _content, ...summary }) => summary,
  // Description and tags tell of the script, not of a version of it.
  fieldsOf: ({ name, language, content }) => ({ name, language, content }),
});

const list = (parts: WorkspaceParts) =>
  endpoint(routes.listScripts, async (call) => ({
    body: await listScripts(parts.store.scripts, call.caller, { ...call.params, query: call.query }),
  }));

const create = (parts: WorkspaceParts) =>
  endpoint(routes.createScript, async (call) => {
    const [given, note] = splitNote(call.body);
    const fields = { description: '', tags: [], ...given };
    return created(await createDocument(scriptKind(parts), createContext(parts, call), { ...call.params, fields, given, note }));
  });

const pathOf = ({ workspaceId, scriptId }: { readonly workspaceId: string; readonly scriptId: string }) => ({
  workspaceId,
  id: scriptId,
});

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getScript, async (call) =>
    versioned((await findDocument(scriptKind(parts), createContext(parts, call), pathOf(call.params))).item),
  );

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateScript, async (call) => {
    const [edit, note] = splitNote(call.body);
    const [kind, context, path] = [scriptKind(parts), createContext(parts, call), pathOf(call.params)];
    const { ifMatch } = call;
    if (call.query.dryRun === 'true') {
      return await previewScriptChange(kind, context, parts, { path, verb: 'update', ifMatch, name: edit.name });
    }
    return versioned(await updateDocument(kind, context, { ...path, edit, note, ifMatch }));
  });

const download = (parts: WorkspaceParts) =>
  endpoint(routes.downloadScript, async (call) => {
    const { item } = await findDocument(scriptKind(parts), createContext(parts, call), pathOf(call.params));
    return { body: item.content, fileName: fileNameOf(item.name, 'script.txt'), version: item.version };
  });

const upload = (parts: WorkspaceParts) =>
  withPlainText(
    endpoint(routes.uploadScript, async (call) => {
      const { content, note } = call.body;
      const change = { ...pathOf(call.params), edit: { content }, note, ifMatch: call.ifMatch };
      return versioned(await updateDocument(scriptKind(parts), createContext(parts, call), change));
    }),
    ({ text, note }) => ({ content: text, ...note }),
  );

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteScript, async (call) => {
    const [kind, context, path] = [scriptKind(parts), createContext(parts, call), pathOf(call.params)];
    const { ifMatch } = call;
    if (call.query.dryRun === 'true') {
      return { body: (await previewScriptChange(kind, context, parts, { path, verb: 'delete', ifMatch })).body };
    }
    if (call.query.force !== 'true') await requireUnusedScript(kind, context, parts, { path, ifMatch });
    await deleteDocument(kind, context, { ...path, ifMatch });
    return { status: 204 };
  });

const restore = (parts: WorkspaceParts) =>
  endpoint(routes.restoreScript, async (call) =>
    versioned(await restoreDocument(scriptKind(parts), createContext(parts, call), pathOf(call.params))),
  );

const listHistory = (parts: WorkspaceParts) =>
  endpoint(routes.listScriptVersions, async (call) => ({
    body: await listVersions(scriptKind(parts), createContext(parts, call), { ...pathOf(call.params), query: call.query }),
  }));

const compare = (parts: WorkspaceParts) =>
  endpoint(routes.compareScriptVersions, async (call) => {
    const path = { ...pathOf(call.params), ...call.query };
    return { body: await compareVersions(scriptKind(parts), createContext(parts, call), parts.compareTexts, path) };
  });

const versionPathOf = ({ version, ...path }: Parameters<typeof pathOf>[0] & { readonly version: number }) => ({
  ...pathOf(path),
  version,
});

const getVersion = (parts: WorkspaceParts) =>
  endpoint(routes.getScriptVersion, async (call) => ({
    body: await findVersion(scriptKind(parts), createContext(parts, call), versionPathOf(call.params)),
  }));

const restoreOne = (parts: WorkspaceParts) =>
  endpoint(routes.restoreScriptVersion, async (call) => {
    const path = { ...versionPathOf(call.params), ifMatch: call.ifMatch };
    return versioned(await restoreVersion(scriptKind(parts), createContext(parts, call), path));
  });

/** Scripts and their versions: the same for solo and shared workspaces. */
export const scriptEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  create(parts),
  get(parts),
  update(parts),
  download(parts),
  upload(parts),
  remove(parts),
  restore(parts),
  listHistory(parts),
  compare(parts),
  getVersion(parts),
  restoreOne(parts),
];
