export { isConnectionLost } from './connection.ts';
export { describeCatalog, type SchemaModel } from './catalog.ts';
export { draftMigrations, type Draft } from './draft.ts';
export { checksumList, migrationNames, readMigrations, type MigrationFile } from './migration-files.ts';
export { LeaseLost, leaseTimes, type LeaseTimes } from './hold-lease.ts';
export {
  adoptMigrations,
  migrateDown,
  migrateRedo,
  migrateUp,
  migrationStatus,
  pendingMigrations,
  schemaStatus,
  type MigrateOptions,
  type SchemaStatus,
} from './postgres.ts';
export type { MigrationState } from './recorded.ts';
export type { MigrationTarget } from './target.ts';
export {
  describeSqliteCatalog,
  migrateSqliteDown,
  migrateSqliteRedo,
  migrateSqliteUp,
  type SqliteMigrateOptions,
} from './sqlite.ts';
export { adoptSqliteMigrations, sqliteMigrationStatus, sqliteSchemaStatus } from './sqlite-recorded.ts';
export { verifyMigrations, verifySqliteMigrations, type VerifyTarget } from './verify.ts';
