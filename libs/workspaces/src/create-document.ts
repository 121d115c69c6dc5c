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
import type { CreateTarget, DocumentTypes } from './workspace-store.ts';

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

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, IDEMPOTENCY_KEY_REUSED. */
export const createDocument = <D extends DocumentTypes>(
  { area, resource, store, textOf }: DocumentKind<D>,
  context: RequestContext,
  { workspaceId, fields, given = fields, note, versionId, history }: NewDocument<D>,
): Promise<D['item']> => {
  const { caller, idempotencyKey } = context;
  const id = context.newId();
  const draftIn = ({ communityId }: { readonly communityId: string | null }): AuditDraft => ({
    action: `${resource}.create`,
    resource: { type: resource, id, name: fields.name },
    communityId,
    changes: changesOf(null, fields, context.sha256),
  });
  return createOnce<D['item'], CreateTarget>(context, {
    fingerprint: [`${resource}.create`, workspaceId, note === undefined ? given : { ...given, note }],
    findTarget: () => requireFound('workspace', store.findCreateTarget(caller.userId, workspaceId, idempotencyKey)),
    allow: (target) => requireRole(context, target.role, `${area}:create`, draftIn(target)),
    make: () => ({
      id,
      workspaceId,
      ...fields,
      ...measure(textOf(fields), context),
      ...firstVersion(context),
      ...(history === undefined ? {} : lastOf(history)),
      createdByName: caller.displayName,
    }),
    insert: (made, remembered, target) => {
      const { note: lastNote, restoredFrom } = history?.last ?? { note: note ?? '', restoredFrom: null };
      const write = { ...writeOf(context, `${area}:create`, draftIn(target)), note: lastNote, restoredFrom, versionId };
      const earlier = history?.earlier.map(({ fields: before, savedAt, ...saved }, index) => {
        const item = { ...made, ...before, ...measure(textOf(before), context), version: index + 1, updatedAt: savedAt };
        return { ...saved, item };
      });
      return store.insert(made, write, remembered, earlier);
    },
  });
};
