import type { Finding, SqlRule, Statement } from './rule.ts';

/** `path:line`, what was found, the rule with its reason, and the statement. */
const sentence = ({ name, reason }: SqlRule, { statement, what }: Finding): string =>
  `${statement.path}:${statement.line}: ${what}. Rule "${name}": ${reason}\n    ${statement.text.replaceAll(/\s+/g, ' ')}`;

/** Finds every violation of the rules, one entry each. Statements must be in the order of their files. */
export const checkStatements = (statements: readonly Statement[], rules: readonly SqlRule[]): string[] =>
  rules.flatMap((rule) => {
    const fitting = statements.filter(({ kind }) => rule.kinds.includes(kind));
    return groupsFor(rule, fitting).flatMap((group) => rule.find(group).map((finding) => sentence(rule, finding)));
  });

const groupsFor = ({ sees }: SqlRule, statements: readonly Statement[]): readonly (readonly Statement[])[] => {
  if (sees === 'statement') return statements.map((statement) => [statement]);
  return [...Map.groupBy(statements, ({ path, schema }) => (sees === 'file' ? path : schema)).values()];
};
