export { describeCatalog } from './catalog.ts';
export { migrationNames, readMigrations, type MigrationFile } from './migration-files.ts';
export {
  migrateDown,
  migrateUp,
  migrationStatus,
  pendingMigrations,
  type MigrateOptions,
  type MigrationState,
} from './postgres.ts';
export type { MigrationTarget } from './guard.ts';
export {
  describeSqliteCatalog,
  migrateSqliteDown,
  migrateSqliteUp,
  sqliteMigrationStatus,
  type SqliteMigrateOptions,
} from './sqlite.ts';
export { verifyMigrations, verifySqliteMigrations } from './verify.ts';
