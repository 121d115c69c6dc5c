const idleInTransactionTimeoutMs = 30_000;

/**
 * The settings on which the text of values depends, and those that would end a session or a wait at another time, in SQL that both
 * engines accept: a database, a role or a server may have defaults of its own, which were made for others.
 */
export const pinnedSettings: string = [
  "SET DateStyle = 'ISO, MDY'",
  "SET IntervalStyle = 'postgres'",
  "SET bytea_output = 'hex'",
  'SET extra_float_digits = 1',
  'SET standard_conforming_strings = on',
  'SET lock_timeout = 0',
  "SET TIME ZONE 'UTC'",
].join('; ');

/**
 * The settings of every session of a service, in SQL that both engines accept. The isolation level is explicit because the
 * defaults differ: PostgreSQL's is READ COMMITTED, CockroachDB's SERIALIZABLE.
 */
export const serviceSettings = ({ statementTimeoutMs }: { readonly statementTimeoutMs: number }): string =>
  [
    'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED',
    pinnedSettings,
    `SET statement_timeout = ${Math.trunc(statementTimeoutMs)}`,
    `SET idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}`,
  ].join('; ');
