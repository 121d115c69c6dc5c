export {
  createSharedDatabase,
  type DatabaseLog,
  type SharedDatabase,
  type SharedDatabaseOptions,
  type SharedDatabaseState,
} from './shared-database.ts';
export { waitUntilReady } from './wait-until-ready.ts';
export type { MigrationCount } from './health-monitor.ts';
export type { Connection } from './connection.ts';
export { gather, onGatherFailed, type GatherLimits, type GatherParts, type Placed } from './gather.ts';
export { gatherWrites, type GatherWriteParts } from './gather-writes.ts';
export { sql, unmeasuredArray, type Fragment, type Query } from './sql.ts';
export { row, uncheckedRow, type RowOf, type RowSchema } from './row.ts';
export { leftJoined, table, withoutNull, type Json, type RowFaults, type Table } from './table.ts';
export { RowMismatch } from './result-parser.ts';
export { countDeadLetters } from './dead-letters.ts';
export { constraintOf, noConnection, notConfigured, sqlStateOf, unavailable } from './database-errors.ts';
export { translateConstraints, type ConstraintErrors } from './constraints.ts';
export {
  createOutboxStore,
  outboxInsertFragment,
  outboxShards,
  type AppendedMessage,
  type ClaimedMessage,
  type ClaimOptions,
  type OutboxDepth,
  type OutboxStore,
} from './outbox.ts';
export {
  createIdempotency,
  idempotencyClaimFragment,
  type IdempotencyStore,
  type IdempotentRequest,
  type StoredAnswer,
} from './idempotency.ts';
