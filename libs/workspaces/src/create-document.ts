import {
  changesOf,
  createOnce,
  firstVersion,
  requireFound,
  requireRole,
  type AuditDraft,
  type RequestContext,
} from '@guildhall/resources';
import { measure, type DocumentFields, type DocumentKind } from './documents.ts';
import { writeOf } from './parts.ts';
import type { CreateTarget, DocumentTypes, EarlierVersion, SaveWrite } from './workspace-store.ts';

/** The first version of a document, or the last one of those that it had elsewhere. */

/** The history of a version: when it was saved and why, and which one it restored. */
export interface SavedVersion {
  readonly note: string;
  readonly restoredFrom: number | null;
  /** ISO 8601 in UTC. */
  readonly savedAt: string;
}

/** The versions that a new document had elsewhere. */
export interface DocumentHistory<D extends DocumentTypes> {
  /** Oldest first, without the last one. */
  readonly earlier: readonly (SavedVersion & { readonly fields: DocumentFields<D> })[];
  readonly last: SavedVersion;
}

interface NewDocument<D extends DocumentTypes> {
  readonly workspaceId: string;
  readonly fields: DocumentFields<D>;
  /** The fields that the caller gave; the others are defaults. */
  readonly given?: Partial<DocumentFields<D>>;
  readonly note?: string | undefined;
  readonly versionId?: string;
  /** Undefined where it begins with this version. */
  readonly history?: DocumentHistory<D> | undefined;
}

/** The version and the times that a history gives to its document. */
const lastOf = <D extends DocumentTypes>({ earlier, last }: DocumentHistory<D>) => ({
  version: earlier.length + 1,
  createdAt: (earlier[0] ?? last).savedAt,
  updatedAt: last.savedAt,
});

/** A document that is ready to be inserted. */
interface ReadyInsert<D extends DocumentTypes> {
  readonly document: D['item'];
  readonly write: SaveWrite;
  /** Undefined where it has no versions before. */
  readonly earlier: readonly EarlierVersion<D>[] | undefined;
}

type Place = Readonly<Record<'id', string> & Record<'communityId', string | null>>;

const draftOf = <D extends DocumentTypes>(
  { resource }: DocumentKind<D>,
  context: RequestContext,
  { fields }: NewDocument<D>,
  { id, communityId }: Place,
): AuditDraft => ({
  action: `${resource}.create`,
  resource: { type: resource, id, name: fields.name },
  communityId,
  changes: changesOf(null, fields, context.sha256),
});

const makeDocument = <D extends DocumentTypes>(
  { textOf }: DocumentKind<D>,
  context: RequestContext,
  { workspaceId, fields, history }: NewDocument<D>,
  id: string,
): D['item'] => ({
  id,
  workspaceId,
  ...fields,
  ...measure(textOf(fields), context),
  ...firstVersion(context),
  ...(history === undefined ? {} : lastOf(history)),
  createdByName: context.caller.displayName,
});

/** Prepares an insert of a document that was made, without storing it. */
const prepareInsert = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  created: NewDocument<D>,
  place: Place & { readonly document: D['item'] },
): ReadyInsert<D> => {
  const { history, note, versionId } = created;
  const { document } = place;
  const { note: lastNote, restoredFrom } = history?.last ?? { note: note ?? '', restoredFrom: null };
  const write = writeOf(context, `${kind.area}:create`, draftOf(kind, context, created, place));
  const earlier = history?.earlier.map(({ fields: before, savedAt, ...saved }, index) => {
    const item = { ...document, ...before, ...measure(kind.textOf(before), context), version: index + 1, updatedAt: savedAt };
    return { ...saved, item };
  });
  return { document, write: { ...write, note: lastNote, restoredFrom, versionId }, earlier };
};

/** Prepares a document of a community, for whoever may create it there, without storing it. */
export const prepareCreate = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  created: NewDocument<D>,
  communityId: string | null,
): ReadyInsert<D> => {
  const id = context.newId();
  return prepareInsert(kind, context, created, { id, communityId, document: makeDocument(kind, context, created, id) });
};

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, IDEMPOTENCY_KEY_REUSED. */
export const createDocument = <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  created: NewDocument<D>,
): Promise<D['item']> => {
  const { caller, idempotencyKey } = context;
  const { workspaceId, fields, given = fields, note } = created;
  const { area, resource, store } = kind;
  const id = context.newId();
  return createOnce<D['item'], CreateTarget>(context, {
    fingerprint: [`${resource}.create`, workspaceId, note === undefined ? given : { ...given, note }],
    findTarget: () => requireFound('workspace', store.findCreateTarget(caller.userId, workspaceId, idempotencyKey)),
    allow: ({ role, communityId }) =>
      requireRole(context, role, `${area}:create`, draftOf(kind, context, created, { id, communityId })),
    make: () => makeDocument(kind, context, created, id),
    insert: (made, remembered, { communityId }) => {
      const { write, earlier } = prepareInsert(kind, context, created, { id, communityId, document: made });
      return store.insert(made, write, remembered, earlier);
    },
  });
};
