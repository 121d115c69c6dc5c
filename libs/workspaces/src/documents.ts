import {
  changesOf,
  findResource,
  nextVersion,
  pageRequest,
  readPosition,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  type PageQuery,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { writeOf } from './parts.ts';
import type { Deletable, DocumentHead, DocumentStore, DocumentTypes, ListRequest, SaveWrite, Write } from './workspace-store.ts';

/** The fields that an edit can change. */
export type DocumentFields<D extends DocumentTypes> = Omit<D['item'], keyof DocumentHead>;

/** A kind of document: a named, versioned row in a workspace. */
export interface DocumentKind<D extends DocumentTypes> {
  /** In error details. */
  readonly noun: 'script' | 'folder' | 'document';
  /** The first part of its permissions. */
  readonly area: 'script' | 'control-m';
  /** Its resource type in audit events, and the first part of its actions. */
  readonly resource: 'script' | 'control-m-folder' | 'control-m-document';
  readonly store: DocumentStore<D>;
  /** The text whose size and digest are stored. */
  readonly textOf: (document: DocumentFields<D> | D['version']) => string;
  readonly summaryOf: (version: D['version']) => D['versionSummary'];
  /** The fields of a saved version, to be saved again. */
  readonly fieldsOf: (version: D['version']) => Partial<DocumentFields<D>>;
}

/** The path of a document. */
export interface DocumentPath {
  readonly workspaceId: string;
  readonly id: string;
}

/** The query of a list: a page of what is there, or of what is deleted. */
export type ListQuery = PageQuery & { readonly state?: 'deleted' };

/** The request that a store gets for the query of a list. */
export const listRequest = (query: ListQuery): ListRequest => ({
  page: pageRequest(query, readPosition),
  state: query.state ?? null,
});

/** Throws NOT_FOUND, also for a deleted document. */
export const findDocument = <D extends DocumentTypes>(
  { noun, store }: DocumentKind<D>,
  { caller }: RequestContext,
  path: DocumentPath,
): Promise<Deletable<D['item']>> =>
  findResource({ noun, find: ({ workspaceId, id }) => store.find(caller.userId, workspaceId, id) }, path);

/** The size and the digest of a document's text. */
export const measure = (text: string, { sha256 }: RequestContext) => ({
  sizeBytes: new TextEncoder().encode(text).byteLength,
  sha256: sha256(text),
});

type Verb = 'update' | 'delete' | 'restore-version';

interface Change<D extends DocumentTypes> extends DocumentPath {
  readonly edit: Partial<DocumentFields<D>>;
  readonly ifMatch: VersionCondition;
  readonly note?: string | undefined;
  readonly restoredFrom?: number;
  readonly versionId?: string;
}

/** A document that is ready to be saved. */
export interface ReadySave<D extends DocumentTypes> {
  readonly next: D['item'];
  /** Null where nothing changes: `next` is what is there. */
  readonly save: SaveWrite | null;
}

/** Finds a document and what a change makes of it. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
const prepareChange = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  verb: Verb,
  change: Change<D>,
): Promise<{ readonly edited: D['item']; readonly write: Write | null }> => {
  const { area, resource } = kind;
  const { item, communityId, role } = await findDocument(kind, context, change);
  const changes = changesOf(item, change.edit, context.sha256);
  const draft = {
    action: `${resource}.${verb}`,
    resource: { type: resource, id: item.id, name: item.name },
    communityId,
    changes,
  };
  const permission = verb === 'delete' ? (`${area}:delete` as const) : (`${area}:update` as const);
  await requireRole(context, role, permission, draft);
  requireVersion(item.version, change.ifMatch);
  if (changes.length === 0 && verb === 'update') return { edited: item, write: null };
  return { edited: nextVersion(item, change.edit, context.at), write: writeOf(context, permission, draft) };
};

/** Prepares an edit of a document as it is known, for whoever may make it, without storing it. */
export const prepareEdit = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  { item, communityId }: Pick<Deletable<D['item']>, 'item' | 'communityId'>,
  { edit, note = '' }: Pick<Change<D>, 'edit' | 'note'>,
): ReadySave<D> => {
  const { area, resource, textOf } = kind;
  const changes = changesOf(item, edit, context.sha256);
  if (changes.length === 0) return { next: item, save: null };
  const draft = {
    action: `${resource}.update`,
    resource: { type: resource, id: item.id, name: item.name },
    communityId,
    changes,
  };
  const edited = nextVersion(item, edit, context.at);
  const save = { ...writeOf(context, `${area}:update`, draft), note, restoredFrom: null };
  return { next: { ...edited, ...measure(textOf(edited), context) }, save };
};

/** Prepares a save without storing it. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const prepareSave = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  verb: Exclude<Verb, 'delete'>,
  change: Change<D>,
): Promise<ReadySave<D>> => {
  const { edited, write } = await prepareChange(kind, context, verb, change);
  if (write === null) return { next: edited, save: null };
  const { note = '', restoredFrom = null, versionId } = change;
  return { next: { ...edited, ...measure(kind.textOf(edited), context) }, save: { ...write, note, restoredFrom, versionId } };
};

/** One attempt to change one document. Undefined when a concurrent change won. */
export const tryChange = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  verb: Verb,
  change: Change<D>,
): Promise<D['item'] | undefined> => {
  if (verb === 'delete') {
    const { edited, write } = await prepareChange(kind, context, verb, change);
    return write !== null && (await kind.store.delete(edited, write)) ? edited : undefined;
  }
  const { next, save } = await prepareSave(kind, context, verb, change);
  return save === null || (await kind.store.save(next, save)) ? next : undefined;
};

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateDocument = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  change: Change<D>,
): Promise<D['item']> => retryCompareAndSwap(() => tryChange(kind, context, 'update', change));

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteDocument = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  path: Omit<Change<D>, 'edit'>,
): Promise<void> => {
  await retryCompareAndSwap(() => tryChange(kind, context, 'delete', { ...path, edit: {} }));
};

interface Restoring<D extends DocumentTypes> extends DocumentPath {
  /** The edit that comes with it. */
  readonly edit?: Partial<DocumentFields<D>>;
  readonly note?: string;
  readonly versionId?: string;
}

/** One attempt to restore one document. Undefined when a concurrent change won. */
export const tryRestore = async <D extends DocumentTypes>(
  { noun, area, resource, store, textOf }: DocumentKind<D>,
  context: RequestContext,
  { workspaceId, id, edit = {}, note = '', versionId }: Restoring<D>,
): Promise<D['item'] | undefined> => {
  const found = await requireFound(noun, store.find(context.caller.userId, workspaceId, id));
  const { item, communityId, role, isDeleted } = found;
  const changes = changesOf(item, edit, context.sha256);
  const resourceOf = { type: resource, id, name: item.name };
  const draft = {
    action: `${resource}.restore`,
    resource: resourceOf,
    communityId,
    ...(changes.length === 0 ? {} : { changes }),
  };
  await requireRole(context, role, `${area}:delete`, draft);
  if (!isDeleted) return item;
  const edited = nextVersion(item, edit, context.at);
  const next = { ...edited, ...measure(textOf(edited), context) };
  // Deleting raised the version by one, and saved none.
  const restoredFrom = changes.length === 0 ? item.version - 1 : null;
  const save = { ...writeOf(context, `${area}:delete`, draft), note, restoredFrom, versionId };
  return (await store.restore(next, save)) ? next : undefined;
};

/**
 * Undoes a soft delete, as a version of its own. Idempotent: a document that is not deleted is returned as it is. Throws NOT_FOUND,
 * FORBIDDEN, and what saving the document throws.
 */
export const restoreDocument = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  path: DocumentPath,
): Promise<D['item']> => retryCompareAndSwap(() => tryRestore(kind, context, path));
