import type { LineDiff } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  encodeCursor,
  notFound,
  pageRequest,
  readVersionCursor,
  requireFound,
  retryCompareAndSwap,
  toPage,
  type Page,
  type PageQuery,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { tryChange, type DocumentKind, type DocumentPath } from './documents.ts';
import type { CompareTexts } from './line-diff/text-comparer.ts';
import type { DocumentTypes } from './workspace-store.ts';

/** The history of a document: the same for every kind of document. */

export interface VersionPath extends DocumentPath {
  readonly version: number;
}

/** INVALID: a note says why something is saved, and nothing is. */
const noteAlone = (): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', {
    errors: [{ path: '/note', message: 'must come with a change of another field' }],
  });

/** The note and the edit of a body. Throws INVALID for a note without an edit. */
export const splitNote = <B extends { readonly note?: string }>(body: B): readonly [Omit<B, 'note'>, string | undefined] => {
  const { note, ...edit } = body;
  if (Object.keys(edit).length === 0) throw noteAlone();
  return [edit, note];
};

/** A page of a history, newest first, without texts. Throws NOT_FOUND. */
export const listVersions = async <D extends DocumentTypes>(
  { noun, store }: DocumentKind<D>,
  { caller }: RequestContext,
  { workspaceId, id, query }: DocumentPath & { readonly query: PageQuery },
): Promise<Page<D['versionSummary']>> => {
  const page = pageRequest(query, readVersionCursor);
  const rows = await requireFound(noun, store.listVersions(caller.userId, workspaceId, id, page));
  return toPage(rows, query, ({ version }) => encodeCursor([version]));
};

/** Throws NOT_FOUND. */
export const findVersion = <D extends DocumentTypes>(
  { store }: DocumentKind<D>,
  { caller }: RequestContext,
  { workspaceId, id, version }: VersionPath,
): Promise<D['version']> => requireFound('version', store.findVersion(caller.userId, workspaceId, id, version));

export interface Comparison<S> {
  readonly from: S;
  readonly to: S;
  readonly diff: LineDiff;
}

type PairPath = DocumentPath & { readonly from: number; readonly to?: number };

/** Finds two versions; the last one where `to` is not given. Throws NOT_FOUND. */
export const findVersionPair = async <D extends DocumentTypes>(
  { store }: DocumentKind<D>,
  { caller }: RequestContext,
  { from, to, workspaceId, id }: PairPath,
): Promise<{ readonly from: D['version']; readonly to: D['version'] }> => {
  const found = await store.findVersionPair(caller.userId, workspaceId, id, { from, to: to ?? null });
  const newest = Math.max(...found.map(({ version }) => version));
  const [one, other] = [from, to ?? newest].map((number) => found.find(({ version }) => version === number));
  if (one === undefined || other === undefined) throw notFound('version');
  return { from: one, to: other };
};

/** Compares two versions line by line; the last one where `to` is not given. Throws NOT_FOUND, SERVICE_UNAVAILABLE, RATE_LIMITED. */
export const compareVersions = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  compareTexts: CompareTexts,
  path: PairPath,
): Promise<Comparison<D['versionSummary']>> => {
  const { from, to } = await findVersionPair(kind, context, path);
  const diff = await compareTexts(context.caller.userId, kind.textOf(from), kind.textOf(to));
  return { from: kind.summaryOf(from), to: kind.summaryOf(to), diff };
};

/**
 * Saves an earlier version again, as the next version, also where nothing differs. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, and
 * what saving the document throws.
 */
export const restoreVersion = async <D extends DocumentTypes>(
  kind: DocumentKind<D>,
  context: RequestContext,
  { ifMatch, ...path }: VersionPath & { readonly ifMatch: VersionCondition },
): Promise<D['item']> => {
  const saved = await findVersion(kind, context, path);
  const change = { ...path, ifMatch, edit: kind.fieldsOf(saved), restoredFrom: path.version };
  return await retryCompareAndSwap(() => tryChange(kind, context, 'restore-version', change));
};
