import { exchangedFoldersMax, type DocumentPush } from '@guildhall/contracts';
import { isAppError, type AppError } from '@guildhall/errors';
import type { DocumentId, StoredBase, SyncParts, SyncRow } from './sync-store.ts';
import { tellingOf } from './synced-documents.ts';

/** Pushes: each is stored before it is sent and until its answer is stored, so that it may be sent again at any time. */

/** A UUID of RFC 9562, section 5.8, that is a digest: the same text has the same one. */
export const uuidOf = (sha256Hex: string): string => {
  const variant = ((Number.parseInt(sha256Hex.slice(16, 17), 16) % 4) + 8).toString(16);
  const parts = [
    sha256Hex.slice(0, 8),
    sha256Hex.slice(8, 12),
    `8${sha256Hex.slice(13, 16)}`,
    `${variant}${sha256Hex.slice(17, 20)}`,
    sha256Hex.slice(20, 32),
  ];
  return parts.join('-');
};

/** The base on which a push rests: two pushes of the same fields on different bases are two. */
export interface PushOrigin {
  readonly path: DocumentId;
  readonly ownVersion: number | null;
  readonly base: StoredBase | null;
}

/** Derives the idempotency key of a push from what is pushed. */
export const pushOf = (
  { sha256 }: Pick<SyncParts, 'sha256'>,
  { path, ownVersion, base }: PushOrigin,
  push: Omit<DocumentPush, 'pushId' | 'kind'>,
): DocumentPush => {
  const origin = [path.workspaceId, path.id, ownVersion, base?.ownVersion ?? null, base?.sharedVersion ?? null];
  const pushId = uuidOf(sha256(JSON.stringify([origin, push.ifVersion, push.document])));
  return { ...push, kind: path.kind, pushId };
};

/** The refusals of one row: the others go on. Everything else is a fault of the whole synchronisation, which may be repeated. */
const isRefusal = (error: unknown): error is AppError =>
  isAppError(error) && error.status < 500 && error.status !== 401 && error.status !== 429;

interface Refused {
  readonly refusal: AppError;
}
type PushOutcome = { readonly version: number } | Refused;
type ExchangeOutcome = { readonly versions: readonly number[] } | Refused;

const orRefusal = async <T>(send: () => Promise<T>): Promise<T | Refused> => {
  try {
    return await send();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refusal: error };
  }
};

/** A push on its way. */
export interface SentPush {
  readonly path: DocumentId;
  readonly row: { readonly push: DocumentPush };
}

/** Stores that a row was refused. */
export const refuseRow = ({ store, now }: SyncParts, row: SyncRow, { code, message }: AppError): void => {
  const at = now().toISOString();
  store.write((transaction) => {
    transaction.putRow({ ...row, state: 'refused', push: null, code, detail: message }, at);
    return true;
  });
};

/** A stored row whose push waits for its answer. */
export interface PendingPush {
  readonly path: DocumentId;
  readonly row: SyncRow & { readonly push: DocumentPush };
}

/** Sends a push. Throws what is no refusal of it: whether it was stored is then not known. */
export const sendPush = ({ shared }: SyncParts, { path, row }: SentPush): Promise<PushOutcome> =>
  orRefusal(async () => ({ version: await shared.push(path, row.push) }));

/** True for folders that are there: they may take each other's names. */
export const isExchange = (pushes: readonly SentPush[]): boolean =>
  pushes.length <= exchangedFoldersMax &&
  pushes.every(({ row: { push } }) => push.document?.kind === 'control-m-folder' && push.ifVersion !== null);

/** Sends pushes of folders that exchange their names: all of them are stored, or none. */
export const sendExchange = ({ shared }: SyncParts, pushes: readonly SentPush[]): Promise<ExchangeOutcome> =>
  orRefusal(async () => {
    const workspaceId = pushes[0]?.path.workspaceId ?? '';
    const versions = await shared.exchange(
      workspaceId,
      pushes.map(({ path: { id }, row: { push } }) => ({ id, push })),
    );
    return { versions };
  });

/** Stores the versions that pushes were answered with, and the new bases. */
export const storeAnswers = (
  { store, now }: SyncParts,
  pending: readonly PendingPush[],
  versions: readonly number[],
): boolean => {
  const at = now().toISOString();
  return store.write((transaction) => {
    for (const [index, { path, row }] of pending.entries()) {
      const sharedVersion = versions[index] ?? 0;
      const base = { ownVersion: row.ownVersion ?? 0, sharedVersion, ...tellingOf(row.push.document) };
      transaction.putBase(path, base, at);
      transaction.putRow({ ...row, state: 'done', push: null, sharedVersion }, at);
    }
    return true;
  });
};

/** Forgets rows whose documents are planned anew. */
export const forgetRows = ({ store }: SyncParts, pending: readonly PendingPush[]): void => {
  store.write((transaction) => {
    for (const { row } of pending) transaction.dropRow(row.id);
    return true;
  });
};

/** Stores what was refused. False when another version came first: the rows are gone, and are to be planned anew. */
const storeRefusal = (parts: SyncParts, pending: readonly PendingPush[], refusal: AppError): boolean => {
  if (refusal.code === 'VERSION_MISMATCH') {
    forgetRows(parts, pending);
    return false;
  }
  for (const { row } of pending) refuseRow(parts, row, refusal);
  return true;
};

/**
 * Sends the pushes of the stored rows of a unit and stores the answers with the new bases. False when another version came first: nothing
 * was pushed, the rows are gone, and are to be planned anew.
 */
export const settleRows = async (parts: SyncParts, pending: readonly PendingPush[]): Promise<boolean> => {
  if (pending.length > 1 && isExchange(pending)) {
    const outcome = await sendExchange(parts, pending);
    return 'versions' in outcome ? storeAnswers(parts, pending, outcome.versions) : storeRefusal(parts, pending, outcome.refusal);
  }
  let isSettled = true;
  for (const one of pending) {
    const outcome = await sendPush(parts, one);
    const isStored =
      'version' in outcome ? storeAnswers(parts, [one], [outcome.version]) : storeRefusal(parts, [one], outcome.refusal);
    isSettled = isStored && isSettled;
  }
  return isSettled;
};
