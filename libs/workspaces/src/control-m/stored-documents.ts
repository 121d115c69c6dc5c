import { controlMStoredDocumentRoutes as routes } from '@guildhall/contracts';
import {
  createContext,
  cursorOf,
  requireFound,
  requireRole,
  requireVersion,
  toPage,
  type Caller,
  type RequestOf,
  type VersionCondition,
} from '@guildhall/resources';
import { compareVersions, findVersion, listVersions, restoreVersion } from '../document-versions.ts';
import { deleteDocument, findDocument, listRequest, restoreDocument, type DocumentKind } from '../documents.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { ImportedDocumentTypes, StoredDocument, StoredDocumentVersion } from '../workspace-store.ts';
import { readFolders } from './document-folders.ts';
import { requireUnreferenced } from './folder-impact.ts';

export const importedDocumentKind = ({ store }: WorkspaceParts): DocumentKind<ImportedDocumentTypes> => ({
  noun: 'document',
  area: 'control-m',
  resource: 'control-m-document',
  store: store.controlMDocuments,
  textOf: ({ source }) => source,
  summaryOf: ({ source: _source, folders: _folders, ...summary }) => summary,
  fieldsOf: ({ name, source, folders }) => ({ name, source, folders }),
});

/** A document or a version of one as an answer: its folders are a list. */
const withFolders = <D extends StoredDocument | StoredDocumentVersion>({ folders, ...document }: D) => ({
  ...document,
  folders: readFolders(folders),
});

const answerOf = (document: StoredDocument) => ({ body: withFolders(document), version: document.version });

interface DocumentParams {
  readonly workspaceId: string;
  readonly documentId: string;
}

const pathOf = ({ workspaceId, documentId }: DocumentParams) => ({ workspaceId, id: documentId });
const versionPathOf = ({ version, ...path }: DocumentParams & { readonly version: number }) => ({ ...pathOf(path), version });

const list = ({ store }: WorkspaceParts) =>
  endpoint(routes.listControlMDocuments, async ({ caller, params, query }) => {
    const found = store.controlMDocuments.list(caller.userId, params.workspaceId, listRequest(query));
    return { body: toPage(await requireFound('workspace', found), query, cursorOf) };
  });

const get = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMDocument, async (call) =>
    answerOf((await findDocument(importedDocumentKind(parts), createContext(parts, call), pathOf(call.params))).item),
  );

type DeleteCall = RequestOf<Caller> & { readonly params: DocumentParams; readonly ifMatch: VersionCondition };

/** Finds what deleting a document does to the rest, for whoever may. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, UNPROCESSABLE. */
const previewDelete = async (parts: WorkspaceParts, call: DeleteCall) => {
  const context = createContext(parts, call);
  const { item, communityId, role } = await findDocument(importedDocumentKind(parts), context, pathOf(call.params));
  const resource = { type: 'control-m-document', id: item.id, name: item.name };
  await requireRole(context, role, 'control-m:delete', { action: 'control-m-document.delete', resource, communityId });
  requireVersion(item.version, call.ifMatch);
  const { userId } = call.caller;
  const stored = await requireFound('workspace', parts.store.controlM.readAll(userId, call.params.workspaceId));
  return await parts.analyse(userId, 'documentImpact', stored, { documentId: item.id });
};

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteControlMDocument, async (call) => {
    const isDryRun = call.query.dryRun === 'true';
    if (call.query.force !== 'true' || isDryRun) {
      const impact = await previewDelete(parts, call);
      if (isDryRun) return { body: impact };
      requireUnreferenced(impact, 'Folders of this workspace refer to jobs of this document.');
    }
    const path = { ...pathOf(call.params), ifMatch: call.ifMatch };
    await deleteDocument(importedDocumentKind(parts), createContext(parts, call), path);
    return { status: 204 };
  });

const restore = (parts: WorkspaceParts) =>
  endpoint(routes.restoreControlMDocument, async (call) =>
    answerOf(await restoreDocument(importedDocumentKind(parts), createContext(parts, call), pathOf(call.params))),
  );

const listHistory = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMDocumentVersions, async (call) => {
    const path = { ...pathOf(call.params), query: call.query };
    return { body: await listVersions(importedDocumentKind(parts), createContext(parts, call), path) };
  });

const compare = (parts: WorkspaceParts) =>
  endpoint(routes.compareControlMDocumentVersions, async (call) => {
    const path = { ...pathOf(call.params), ...call.query };
    return { body: await compareVersions(importedDocumentKind(parts), createContext(parts, call), parts.compareTexts, path) };
  });

const getVersion = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMDocumentVersion, async (call) => ({
    body: withFolders(await findVersion(importedDocumentKind(parts), createContext(parts, call), versionPathOf(call.params))),
  }));

const restoreOne = (parts: WorkspaceParts) =>
  endpoint(routes.restoreControlMDocumentVersion, async (call) => {
    const path = { ...versionPathOf(call.params), ifMatch: call.ifMatch };
    return answerOf(await restoreVersion(importedDocumentKind(parts), createContext(parts, call), path));
  });

/** Imported documents with their histories: the same for solo and shared workspaces. */
export const storedDocumentEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  get(parts),
  remove(parts),
  restore(parts),
  listHistory(parts),
  compare(parts),
  getVersion(parts),
  restoreOne(parts),
];
