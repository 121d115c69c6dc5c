import type { DocumentPush } from '@guildhall/contracts';
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

type PushOutcome = { readonly version: number } | { readonly refusal: AppError };

/** Sends a push. Throws what is no refusal of it: whether it was stored is then not known. */
export const sendPush = async ({ shared }: SyncParts, path: DocumentId, push: DocumentPush): Promise<PushOutcome> => {
  try {
    return { version: await shared.push(path, push) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refusal: error };
  }
};

/** Stores that a row was refused. */
export const refuseRow = ({ store, now }: SyncParts, row: SyncRow, { code, message }: AppError): void => {
  const at = now().toISOString();
  store.write((transaction) => {
    transaction.putRow({ ...row, state: 'refused', push: null, code, detail: message }, at);
    return true;
  });
};

/**
 * Sends the push of a stored row and stores the answer with the new base. False when another version came first: nothing was pushed,
 * the row is gone, and is to be planned anew.
 */
export const settleRow = async (
  parts: SyncParts,
  path: DocumentId,
  row: SyncRow & { readonly push: DocumentPush },
): Promise<boolean> => {
  const { store, now } = parts;
  const outcome = await sendPush(parts, path, row.push);
  const at = now().toISOString();
  if ('version' in outcome) {
    const { version: sharedVersion } = outcome;
    return store.write((transaction) => {
      const base = { ownVersion: row.ownVersion ?? 0, sharedVersion, ...tellingOf(row.push.document) };
      transaction.putBase(path, base, at);
      transaction.putRow({ ...row, state: 'done', push: null, sharedVersion }, at);
      return true;
    });
  }
  if (outcome.refusal.code !== 'VERSION_MISMATCH') {
    refuseRow(parts, row, outcome.refusal);
    return true;
  }
  store.write((transaction) => {
    transaction.dropRow(row.id);
    return true;
  });
  return false;
};
