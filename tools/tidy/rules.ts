import { auditEventRules } from './audit-events.ts';
import { consoleTextRules } from './console-texts.ts';
import { docstringRules } from './docstrings.ts';
import { dependencyRules } from './dependencies.ts';
import { engineRules } from './engines.ts';
import { fileWriteRules } from './file-writes.ts';
import { predicateRules } from './predicates.ts';
import type { TidyRule } from './rule.ts';
import { rowRules } from './rows.ts';
import { secretRules } from './secrets.ts';
import { exportRules } from './unused-exports.ts';
import { wordRules } from './words.ts';
import { packageRules } from './packages.ts';

/** Every rule that the repository is held to. */
export const rules: readonly TidyRule[] = [
  ...wordRules,
  ...consoleTextRules,
  ...packageRules,
  ...dependencyRules,
  ...fileWriteRules,
  ...engineRules,
  ...auditEventRules,
  ...rowRules,
  ...docstringRules,
  ...predicateRules,
  ...exportRules,
  ...secretRules,
];

/** The violations of one rule in planted files. Throws where there is no such rule. */
export const findPlanted = (name: string, ...files: readonly (readonly [path: string, text: string])[]): readonly string[] => {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`There is no rule "${name}".`);
  return rule.find(files.map(([path, text]) => ({ path, text })));
};
