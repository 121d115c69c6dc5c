import {
  changesOf,
  createOnce,
  cursorOf,
  nextVersion,
  pageRequest,
  readPosition,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type Position,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { writeOf } from './parts.ts';
import type { DocumentStore, WithAccess } from './workspace-store.ts';

/** The fields that every kind of document has. */
export type DocumentHead = Readonly<
  Record<'id' | 'workspaceId' | 'createdBy' | 'createdAt' | 'updatedAt', string> & Record<'version', number>
>;
/** The fields that an edit can change. */
export type DocumentFields = Readonly<Record<string, unknown>> & { readonly name: string };

/** A kind of document: a named, versioned row in a workspace. */
export interface DocumentKind<F extends DocumentFields, S extends Position> {
  /** In error details. */
  readonly noun: 'script' | 'folder';
  /** The first part of its permissions. */
  readonly area: 'script' | 'control-m';
  /** Its resource type in audit events, and the first part of its actions. */
  readonly resource: 'script' | 'control-m-folder';
  readonly store: DocumentStore<DocumentHead & F, S>;
}

/** The path of a document. */
export interface DocumentPath {
  readonly workspaceId: string;
  readonly id: string;
}

/** A page of summaries, newest first. Throws NOT_FOUND. */
export const listDocuments = async <F extends DocumentFields, S extends Position>(
  { store }: DocumentKind<F, S>,
  { caller }: RequestContext,
  { workspaceId, query }: { readonly workspaceId: string; readonly query: PageQuery },
): Promise<Page<S>> => {
  const rows = await requireFound('workspace', store.list(caller.userId, workspaceId, pageRequest(query, readPosition)));
  return toPage(rows, query, cursorOf);
};

/** Throws NOT_FOUND. */
export const findDocument = async <F extends DocumentFields, S extends Position>(
  { noun, store }: DocumentKind<F, S>,
  { caller }: RequestContext,
  { workspaceId, id }: DocumentPath,
): Promise<WithAccess<DocumentHead & F>> => {
  return await requireFound(noun, store.find(caller.userId, workspaceId, id));
};

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, IDEMPOTENCY_KEY_REUSED. */
export const createDocument = <F extends DocumentFields, S extends Position>(
  { area, resource, store }: DocumentKind<F, S>,
  context: RequestContext,
  { workspaceId, fields }: { readonly workspaceId: string; readonly fields: F },
): Promise<DocumentHead & F> => {
  const { at, caller, idempotencyKey } = context;
  const id = context.newId();
  const draftIn = ({ communityId }: { readonly communityId: string | null }): AuditDraft => ({
    action: `${resource}.create`,
    resource: { type: resource, id, name: fields.name },
    communityId,
    changes: changesOf(null, fields, context.sha256),
  });
  return createOnce<DocumentHead & F, NonNullable<Awaited<ReturnType<typeof store.findCreateTarget>>>>(context, {
    fingerprint: [`${resource}.create`, workspaceId, fields],
    findTarget: () => requireFound('workspace', store.findCreateTarget(caller.userId, workspaceId, idempotencyKey)),
    allow: (target) => requireRole(context, target.role, `${area}:create`, draftIn(target)),
    make: () => ({ id, workspaceId, ...fields, createdBy: caller.userId, version: 1, createdAt: at, updatedAt: at }),
    insert: (made, remembered, target) => store.insert(made, writeOf(context, `${area}:create`, draftIn(target)), remembered),
  });
};

interface Change<F> extends DocumentPath {
  readonly edit: Partial<F>;
  readonly ifMatch: VersionCondition;
}

/** One attempt to change one document. Undefined when a concurrent change won. */
const tryChange = async <F extends DocumentFields, S extends Position>(
  kind: DocumentKind<F, S>,
  context: RequestContext,
  verb: 'update' | 'delete',
  change: Change<F>,
): Promise<(DocumentHead & F) | undefined> => {
  const { area, resource, store } = kind;
  const { item, communityId, role } = await findDocument(kind, context, change);
  const changes = changesOf(item, change.edit, context.sha256);
  const draft = {
    action: `${resource}.${verb}`,
    resource: { type: resource, id: item.id, name: item.name },
    communityId,
    changes,
  };
  await requireRole(context, role, `${area}:${verb}`, draft);
  requireVersion(item.version, change.ifMatch);
  if (changes.length === 0 && verb === 'update') return item;
  const next = nextVersion(item, change.edit, context.at);
  const write = writeOf(context, `${area}:${verb}`, draft);
  const isStored = await (verb === 'delete' ? store.delete(next, write) : store.save(next, write));
  return isStored ? next : undefined;
};

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateDocument = <F extends DocumentFields, S extends Position>(
  kind: DocumentKind<F, S>,
  context: RequestContext,
  change: Change<F>,
): Promise<DocumentHead & F> => retryCompareAndSwap(() => tryChange(kind, context, 'update', change));

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteDocument = async <F extends DocumentFields, S extends Position>(
  kind: DocumentKind<F, S>,
  context: RequestContext,
  path: Omit<Change<F>, 'edit'>,
): Promise<void> => {
  await retryCompareAndSwap(() => tryChange(kind, context, 'delete', { ...path, edit: {} }));
};
