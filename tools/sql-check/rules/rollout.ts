import { inMigrations, type SqlRule } from '../rule.ts';
import { isNode, itemsOf, type TreeNode } from '../tree.ts';

/** Requires a comment that names the releases which no longer, or already, work with the change. */
const note = /^--\s*(expand|contract):\s*\S+/im;

const alterations: Readonly<Record<string, string>> = {
  AT_DropColumn: 'DROP COLUMN',
  AT_SetNotNull: 'SET NOT NULL',
  AT_AlterColumnType: 'ALTER COLUMN … TYPE',
};

const dropped: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'DROP TABLE',
  OBJECT_VIEW: 'DROP VIEW',
  OBJECT_SCHEMA: 'DROP SCHEMA',
};
const renamed: Readonly<Record<string, string>> = {
  OBJECT_COLUMN: 'RENAME COLUMN',
  OBJECT_TABLE: 'RENAME of a table',
  OBJECT_VIEW: 'RENAME of a view',
};

/** A column that must have a value and brings none fails on rows that are there, and for programs that do not know it. */
const demandsValue = ({ subtype, def }: TreeNode): boolean => {
  if (subtype !== 'AT_AddColumn' || !isNode(def) || !isNode(def['ColumnDef'])) return false;
  const kinds = itemsOf(def['ColumnDef']['constraints'], 'Constraint').map(({ contype }) => contype);
  return kinds.includes('CONSTR_NOTNULL') && !kinds.includes('CONSTR_DEFAULT');
};

const destructive = (type: string, node: TreeNode): string[] => {
  if (type === 'DropStmt') return [dropped[String(node['removeType'])]].filter((what) => what !== undefined);
  if (type === 'RenameStmt') return [renamed[String(node['renameType'])]].filter((what) => what !== undefined);
  if (type === 'TruncateStmt') return ['TRUNCATE'];
  return itemsOf(node['cmds'], 'AlterTableCmd').flatMap((command) => {
    const what = demandsValue(command) ? 'ADD COLUMN … NOT NULL without a default' : alterations[String(command['subtype'])];
    return what === undefined ? [] : [what];
  });
};

export const rolloutRules: readonly SqlRule[] = [
  inMigrations(
    {
      name: 'destructive steps tell their place',
      reason:
        'While it is rolled out the former program still runs. Expand first, deploy, then contract: and say in the file which release stopped needing it, with a line "-- Contract: …" (or "-- Expand: …" where nothing needs it yet).',
    },
    ({ path, source, type, node }) =>
      path.endsWith('.up.sql') && !note.test(source) ? destructive(type, node).map((what) => `${what} without a note`) : [],
  ),
];
