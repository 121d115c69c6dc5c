const idleInTransactionTimeoutMs = 30_000;

/**
 * The settings of every session of a service, in SQL that both engines accept. The isolation level is explicit because the
 * defaults differ: PostgreSQL's is READ COMMITTED, CockroachDB's SERIALIZABLE. The time zone may differ by server.
 */
export const serviceSettings = ({ statementTimeoutMs }: { readonly statementTimeoutMs: number }): string =>
  [
    'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED',
    "SET TIME ZONE 'UTC'",
    `SET statement_timeout = ${Math.trunc(statementTimeoutMs)}`,
    `SET idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}`,
  ].join('; ');
