import type { SqlRule } from './rule.ts';
import { changeRules } from './rules/one-change.ts';
import { grammarRules } from './rules/cockroach-grammar.ts';
import { engineRules } from './rules/both-engines.ts';
import { mindRules } from './rules/mind.ts';
import { nullOrderRules } from './rules/null-order.ts';
import { rolloutRules } from './rules/rollout.ts';
import { foreignKeyRules } from './rules/foreign-keys.ts';
import { schemaRules } from './rules/schema-changes.ts';
import { tableRules } from './rules/tables.ts';

/** Everything that SQL of Guildhall is held to. */
export const sqlRules: readonly SqlRule[] = [
  ...tableRules,
  ...engineRules,
  ...grammarRules,
  ...mindRules,
  ...schemaRules,
  ...rolloutRules,
  ...changeRules,
  ...foreignKeyRules,
  ...nullOrderRules,
];
