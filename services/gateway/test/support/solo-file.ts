import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSoloDatabase } from '../../src/store/solo/open.ts';

let migrated: Promise<Buffer> | undefined;

const migrateNew = async (): Promise<Buffer> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  const file = path.join(folder, 'solo.db');
  try {
    (await openSoloDatabase(file)).close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Writes a data file as a first start makes it, empty and with every migration, which are applied once for each worker. */
export const writeSoloFile = async (file: string): Promise<void> => {
  writeFileSync(file, await (migrated ??= migrateNew()), { mode: 0o600 });
};
