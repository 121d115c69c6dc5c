/** The database, the schema and the migrations of one service. */
export interface MigrationTarget {
  readonly databaseUrl: string;
  /** The service's own schema; created if it is missing. */
  readonly schema: string;
  /** Holds NNNN_words.up.sql and .down.sql, and checksums.txt. */
  readonly folder: string;
}
