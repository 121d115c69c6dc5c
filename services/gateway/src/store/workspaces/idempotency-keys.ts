import { idempotencyKeyHours } from '@guildhall/contracts';
import type { EarlierAnswer, RememberedAnswer } from '@guildhall/resources';
import { randomUUID } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import type { IdempotencyKeysRow } from '../tables.ts';

export interface SoloKeys {
  find(principalId: string, key: string): EarlierAnswer | null;
  /** Within the transaction of the change. False when the key is in use; true for a new or expired one, or for none. */
  claim(principalId: string, remembered: RememberedAnswer | null): boolean;
}

/** Milliseconds, as every other time in the file. */
const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`;
const expiry = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+${idempotencyKeyHours} hours')`;

/** Every claim of a key stores its answer. */
type FoundRow = Pick<IdempotencyKeysRow, 'request_hash'> & { readonly answer: NonNullable<IdempotencyKeysRow['answer']> };

/** Idempotency keys of creates. Expired ones go when the next one is claimed. */
export const createSoloKeys = (sqlite: Sqlite.Database): SoloKeys => {
  const find = sqlite.prepare<[string, string], FoundRow>(
    `SELECT request_hash, answer FROM idempotency_keys WHERE principal_id = ? AND key = ? AND expires_at > ${now}`,
  );
  const purge = sqlite.prepare<[]>(`DELETE FROM idempotency_keys WHERE expires_at <= ${now}`);
  const claim = sqlite.prepare<[string, string, string, string, string]>(
    `INSERT INTO idempotency_keys (id, principal_id, key, request_hash, answer, expires_at, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ${expiry}, ${now}, ${now})
     ON CONFLICT (principal_id, key) DO NOTHING`,
  );
  return {
    find: (principalId, key) => {
      const found = find.get(principalId, key);
      return found === undefined ? null : { requestHash: found.request_hash, body: JSON.parse(found.answer) as unknown };
    },
    claim: (principalId, remembered) => {
      if (remembered === null) return true;
      purge.run();
      const { key, requestHash, body } = remembered;
      return claim.run(randomUUID(), principalId, key, requestHash, JSON.stringify(body)).changes === 1;
    },
  };
};
