import type { DocumentPush, SharedDocument, SyncedDocument, SyncedDocumentKind } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import {
  notFound,
  requireFound,
  requireRole,
  retryCompareAndSwap,
  versionMismatch,
  type RequestContext,
} from '@guildhall/resources';
import { createDocument } from '../create-document.ts';
import { tryChange, tryRestore, type DocumentFields, type DocumentKind, type DocumentPath } from '../documents.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { Deletable, DocumentTypes, SaveWrite, StoredFolder } from '../workspace-store.ts';
import { withKind, type SignedTypes } from './carried-kinds.ts';
import { findWorkspaceFields, pushWorkspaceFields } from './push-workspace.ts';

/** A folder that is saved. */
export interface FolderSave {
  readonly next: StoredFolder;
  readonly write: SaveWrite;
}

/** The versions that were stored by pushes, and those that are stored together. */
export interface PushedVersions {
  /** The number of the version of a document that has this id. Asks for no permission: the caller has found the document. */
  findVersion(kind: SyncedDocumentKind, documentId: string, versionId: string): Promise<number | undefined>;
  /**
   * Saves folders that may take each other's names, all of them or none: a compare-and-swap on each. Throws CONFLICT when another folder
   * of the workspace has a name.
   */
  saveFolders(saves: readonly FolderSave[]): Promise<boolean>;
}

export interface PushParts extends WorkspaceParts {
  readonly pushed: PushedVersions;
}

type PushRequest = DocumentPath & { readonly push: DocumentPush };

/** A push whose document was read as one of its kind; null deletes. */
interface Push<D extends DocumentTypes> extends DocumentPath {
  readonly fields: DocumentFields<D> | null;
  readonly push: DocumentPush;
}

const invalid = (path: string, message: string): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', { errors: [{ path, message }] });

const create = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  { workspaceId, id, fields, push }: Push<D> & { readonly fields: DocumentFields<D> },
): Promise<D['item'] | undefined> =>
  createDocument(kind, { ...context, newId: () => id }, { workspaceId, fields, note: push.note, versionId: push.pushId }).catch(
    async (error: unknown) => {
      // The same push, or another one of this document, may have come first.
      const isThere = (await kind.store.find(context.caller.userId, workspaceId, id)) !== undefined;
      if (isAppError(error) && error.code === 'CONFLICT' && isThere) return undefined;
      throw error;
    },
  );

const remove = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  { item, isDeleted }: Deletable<D['item']>,
  { workspaceId, id, push }: Push<D>,
): Promise<D['item'] | undefined> => {
  if (isDeleted) return item;
  if (push.ifVersion === null) throw versionMismatch(item.version);
  return tryChange(kind, context, 'delete', { workspaceId, id, edit: {}, ifMatch: [push.ifVersion] });
};

const save = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  { item, communityId, role, isDeleted }: Deletable<D['item']>,
  { workspaceId, id, push, fields }: Push<D> & { readonly fields: DocumentFields<D> },
): Promise<D['item'] | undefined> => {
  const draft = { action: `${kind.resource}.update`, resource: { type: kind.resource, id, name: item.name }, communityId };
  await requireRole(context, role, `${kind.area}:update`, draft);
  if (isDeleted !== (push.ifVersion === null)) throw versionMismatch(item.version);
  const change = { workspaceId, id, edit: fields, note: push.note, versionId: push.pushId };
  if (push.ifVersion === null) return tryRestore(kind, context, change);
  return tryChange(kind, context, 'update', { ...change, ifMatch: [push.ifVersion] });
};

const pushAs = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  pushed: PushedVersions,
  context: RequestContext,
  request: Push<D>,
): Promise<number> =>
  retryCompareAndSwap(async () => {
    const { workspaceId, id, fields, push } = request;
    const found = await kind.store.find(context.caller.userId, workspaceId, id);
    if (found === undefined) {
      if (fields === null || push.ifVersion !== null) throw notFound(kind.noun);
      return (await create(kind, context, { ...request, fields }))?.version;
    }
    const findLanded = () => pushed.findVersion(kind.resource, id, push.pushId);
    const landed = await findLanded();
    if (landed !== undefined) return landed;
    const stored = fields === null ? remove(kind, context, found, request) : save(kind, context, found, { ...request, fields });
    return (
      await stored.catch(async (error: unknown) => {
        // The same push may have landed since it was looked for.
        const version = isAppError(error) && error.code === 'VERSION_MISMATCH' ? await findLanded() : undefined;
        if (version === undefined) throw error;
        return { version };
      })
    )?.version;
  });

/**
 * Stores a document as a copy has it, once: the same push again answers the version that it stored. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, INVALID, CONFLICT where its id or its name is in use.
 */
export const pushDocument = (parts: PushParts, context: RequestContext, { push, ...path }: PushRequest): Promise<number> => {
  const { kind, document } = push;
  if (document !== null && document.kind !== kind) throw invalid('/document/kind', 'must be the kind of the push');
  if (kind === 'workspace') return pushWorkspaceFields(parts, context, { ...path, push });
  return withKind(kind, ({ kindOf, fieldsOf }) => {
    const fields = document === null ? null : fieldsOf(document);
    return pushAs(kindOf(parts), parts.pushed, context, { ...path, push, fields });
  });
};

const findAs = async <D extends SignedTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  path: DocumentPath,
  documentOf: (item: D['item']) => SyncedDocument,
): Promise<SharedDocument | null> => {
  const { userId } = context.caller;
  const found = await kind.store.find(userId, path.workspaceId, path.id);
  if (found === undefined) await requireFound('workspace', kind.store.findCreateTarget(userId, path.workspaceId, undefined));
  if (found === undefined || found.isDeleted) return null;
  const { item } = found;
  const { version } = item;
  const find = kind.store.findVersion(userId, path.workspaceId, path.id, version);
  const saved: D['version'] = await requireFound('version', find);
  return { document: documentOf(item), version, savedBy: saved.createdBy, savedAt: saved.createdAt, note: saved.note };
};

/** Finds a document whole, with its last version; null where it is deleted or not there. Throws NOT_FOUND for who may not see that. */
export const findSharedDocument = (
  parts: WorkspaceParts,
  context: RequestContext,
  { kind, ...path }: DocumentPath & Pick<DocumentPush, 'kind'>,
): Promise<SharedDocument | null> =>
  kind === 'workspace'
    ? findWorkspaceFields(parts, context, path)
    : withKind(kind, ({ kindOf, documentOf }) => findAs(kindOf(parts), context, path, documentOf));
