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
