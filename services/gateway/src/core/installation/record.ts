import type { InstallationLog, InstallationRecord, InstallationRecords, StoredInstallation } from './parts.ts';

/**
 * The installation's record in the data file, under optimistic locking: each write succeeds only if the record is still
 * the one that this process read or wrote last.
 */
export interface RecordHolder {
  /** Reads what an earlier process left. A record that does not open is logged and left as it is. */
  load(): InstallationRecord | { readonly phase: 'unreadable'; readonly configurationId: string } | null;
  /** Compare and swap: stores `next`. False: another process was first. Throws SERVICE_UNAVAILABLE if the file cannot take it, as on a full disk. */
  replace(next: InstallationRecord): boolean;
  /** Compare and swap: deletes the record, if there is one. False: another process was first. */
  clear(): boolean;
}

export const createRecordHolder = (records: InstallationRecords, log: InstallationLog): RecordHolder => {
  let stored: StoredInstallation | null = null;
  return {
    load() {
      stored = records.read();
      if (stored === null) return null;
      try {
        return records.open(stored);
      } catch (error) {
        log.error(
          { err: error },
          'the stored configuration of the shared database cannot be decrypted: restore the encryption key, or configure again',
        );
        return { phase: 'unreadable', configurationId: stored.configurationId };
      }
    },
    replace(next) {
      const replaced = records.replace(stored, next);
      if (replaced !== undefined) stored = replaced;
      return replaced !== undefined;
    },
    clear() {
      if (stored !== null && !records.remove(stored)) return false;
      stored = null;
      return true;
    },
  };
};
