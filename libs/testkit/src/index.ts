export { fromBase32 } from './base32.ts';
export { atOnce, timesAtOnce } from './at-once.ts';
export { countStatements } from './count-statements.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.ts';
export { findRunningPostgres, removeEmbeddedPostgres, stopLeftover } from './postgres-leftover.ts';
export { exchange, type ExchangeOptions, type TextAnswer } from './exchange.ts';
export { catchLog, showLog, showLogFile, type CaughtLog } from './failure-evidence.ts';
export {
  withFailingStatements,
  type FailedStatement,
  type FailingStatementsOptions,
  type StatementFailure,
} from './failing-statements.ts';
export { freshDatabase, migrationsFolder, serverEngine, testServerUrl, type FreshDatabase } from './fresh-database.ts';
export { identityOf, internalKey, internalKeyBase64, serviceKeysOf, testKey } from './internal-key.ts';
export { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
export { processEnvironment } from './process-environment.ts';
export { startServerThread, type ServerThread } from './server-thread.ts';
export { startTcpProxy, type TcpProxy, type TcpProxyMode, type TcpProxyOptions } from './tcp-proxy.ts';
export { waitFor, type WaitForOptions } from './wait-for.ts';
