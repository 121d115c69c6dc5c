import { sqliteSchemaStatus } from '@guildhall/migrate';
import { migrationsFolder } from './file.ts';
import type { SoloDatabase } from './open.ts';

/** Reads what was recorded of the migrations of the solo file. */
export const readSoloMigrations = ({ sqlite }: SoloDatabase) => {
  const { states, fault } = sqliteSchemaStatus(sqlite, migrationsFolder);
  return { fault, items: states };
};
