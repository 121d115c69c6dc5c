/** A table as a migrated database describes it, on any engine. */
export interface TableFacts {
  /** The name, with its schema where there are schemas. */
  readonly path: string;
  readonly name: string;
  readonly engine: 'postgres' | 'sqlite';
  readonly columns: readonly ColumnFacts[];
  readonly primaryKey: readonly string[];
  readonly constraints: readonly ConstraintFacts[];
  readonly references: readonly ReferenceFacts[];
  readonly indexes: readonly IndexFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  /** PostgreSQL's short name, such as `timestamptz`; SQLite's in lower case. */
  readonly type: string;
  readonly isNullable: boolean;
}

export interface ConstraintFacts {
  /** The name; null if SQLite was given none. */
  readonly name: string | null;
  readonly kind: 'primary' | 'foreign' | 'check' | 'unique';
  readonly columns: readonly string[];
}

export interface ReferenceFacts {
  readonly columns: readonly string[];
  /** The table it points to, without its schema. */
  readonly target: string;
  readonly onDelete: string;
}

export interface IndexFacts {
  readonly name: string;
  /** An expression stands as `(expression)`. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** The condition of a partial index. */
  readonly where: string | null;
}
