/** What a change of a schema needs to know. */
export interface MigrationTarget {
  readonly databaseUrl: string;
  /** The service's own schema; made when it is missing. */
  readonly schema: string;
  /** Holds NNNN_words.up.sql and .down.sql, and checksums.txt. */
  readonly folder: string;
}
