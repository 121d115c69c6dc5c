import type { TreeNode } from './tree.ts';

/** An SQL statement, with its place and its owner. */
export interface Statement {
  /** `migration`: from a file of migrations; `query`: sent by a service, as a test run captured it; `tool`: from a text in the tools of the database. */
  readonly kind: 'migration' | 'query' | 'tool';
  readonly path: string;
  readonly line: number;
  /** The schema of the service whose statement this is. */
  readonly schema: string;
  readonly text: string;
  /** Everything that the statement stands in: the whole file of a migration, with its comments. */
  readonly source: string;
  /** The statement's type, such as `CreateStmt`. */
  readonly type: string;
  readonly node: TreeNode;
}

export interface Finding {
  readonly statement: Statement;
  /** The offending part, as the statement writes it. */
  readonly what: string;
}

export interface SqlRule {
  readonly name: string;
  /** The reason why it is forbidden, and the replacement. */
  readonly reason: string;
  readonly kinds: readonly Statement['kind'][];
  /** The unit that a rule examines: a statement, a file of migrations, or all migrations of a service in order. */
  readonly sees: 'statement' | 'file' | 'service';
  readonly find: (statements: readonly Statement[]) => readonly Finding[];
}

type Names = Pick<SqlRule, 'name' | 'reason'>;

const looking =
  (find: (statement: Statement) => readonly string[]): SqlRule['find'] =>
  (statements) =>
    statements.flatMap((statement) => find(statement).map((what) => ({ statement, what })));

/** A rule for each statement by itself, wherever it stands. `find` answers what is wrong with it. */
export const everywhere = (names: Names, find: (statement: Statement) => readonly string[]): SqlRule => ({
  ...names,
  kinds: ['migration', 'query', 'tool'],
  sees: 'statement',
  find: looking(find),
});

/** A rule for each statement of a service by itself: the tools of the database may name its own catalogs. */
export const inServices = (names: Names, find: (statement: Statement) => readonly string[]): SqlRule => ({
  ...names,
  kinds: ['migration', 'query'],
  sees: 'statement',
  find: looking(find),
});

/** A rule for each statement of a migration by itself. */
export const inMigrations = (names: Names, find: (statement: Statement) => readonly string[]): SqlRule => ({
  ...names,
  kinds: ['migration'],
  sees: 'statement',
  find: looking(find),
});
