export { countStatements } from './count-statements.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.ts';
export { findRunningPostgres, removeEmbeddedPostgres, stopLeftover } from './postgres-leftover.ts';
export { freshDatabase, migrationsFolder, testServerUrl, type FreshDatabase } from './fresh-database.ts';
export { internalKey, internalKeyBase64 } from './internal-key.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
