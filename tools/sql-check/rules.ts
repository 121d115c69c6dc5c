import type { SqlRule } from './rule.ts';
import { changeRules } from './rules/one-change.ts';
import { engineRules } from './rules/both-engines.ts';
import { foreignKeyRules } from './rules/foreign-keys.ts';
import { schemaRules } from './rules/schema-changes.ts';
import { tableRules } from './rules/tables.ts';

/** Everything that SQL of Guildhall is held to. */
export const sqlRules: readonly SqlRule[] = [...tableRules, ...engineRules, ...schemaRules, ...changeRules, ...foreignKeyRules];
