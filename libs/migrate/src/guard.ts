/** What a change of a schema needs to know of the database's earlier migrations. */
export interface MigrationTarget {
  readonly databaseUrl: string;
  /** The service's own schema; made when it is missing. */
  readonly schema: string;
  /** Holds NNNN_words.up.sql and .down.sql. */
  readonly folder: string;
}

/**
 * The one way to change a schema: every up and down runs through here, so that whatever excludes other runners or
 * checks the files first is said once.
 */
export const guarded = async <T>(_target: MigrationTarget, run: () => Promise<T>): Promise<T> => run();
