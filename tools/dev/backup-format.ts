import { createHash, type Hash } from 'node:crypto';

/** One line for each table's rows, between a head and an end. All of it is JSON, a line a value, in a gzip file. */
export interface BackupHead {
  readonly format: 1;
  /** The database's clock, ISO 8601. */
  readonly takenAt: string;
  /** The migrations that were applied, by schema, in their order. */
  readonly migrations: Readonly<Record<string, readonly AppliedMigration[]>>;
}

export interface AppliedMigration {
  readonly name: string;
  readonly upChecksum: string;
}

/** A digest of a table's rows, whatever their order. */
export interface TableDigest {
  readonly rows: number;
  /** The sum of the SHA-256 digests of the rows, modulo 2^256, in hex. */
  readonly sum: string;
}

/** The last signed checkpoint of the audit log, and the key that it is verified with. */
export interface BackupCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly origin: string;
  /** Base64. */
  readonly publicKey: string;
}

export interface BackupEnd {
  readonly tables: Readonly<Record<string, TableDigest>>;
  /** Null while the log has signed none. */
  readonly checkpoint: BackupCheckpoint | null;
  /** The SHA-256 of every byte of the lines before, in hex. */
  readonly sha256: string;
}

/** A line of a backup: its head, the row of a table as JSON, or its end. */
export type BackupLine =
  | { readonly head: BackupHead }
  | { readonly table: string; readonly row: string }
  | { readonly end: BackupEnd };

export const sha256 = (): Hash => createHash('sha256');

const modulus = 2n ** 256n;

/** Adds up the digests of rows: the same sum for the same rows in any order, and another one when a row is altered, gone or twice there. */
export const createRowSum = () => {
  let [rows, sum] = [0, 0n];
  return {
    add: (row: string): void => {
      rows += 1;
      sum = (sum + BigInt(`0x${sha256().update(row).digest('hex')}`)) % modulus;
    },
    digest: (): TableDigest => ({ rows, sum: sum.toString(16).padStart(64, '0') }),
  };
};
