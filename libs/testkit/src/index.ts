export { countStatements } from './count-statements.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.ts';
export { findRunningPostgres, removeEmbeddedPostgres, stopLeftover } from './postgres-leftover.ts';
export { catchLog, failureEvidence, forgetEvidence, showLogFile, type CaughtLog } from './failure-evidence.ts';
export { freshDatabase, migrationsFolder, serverEngine, testServerUrl, type FreshDatabase } from './fresh-database.ts';
export { internalKey, internalKeyBase64 } from './internal-key.ts';
export { startServerThread, type ServerThread } from './server-thread.ts';
export { startTcpProxy, type TcpProxy, type TcpProxyMode, type TcpProxyOptions } from './tcp-proxy.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
