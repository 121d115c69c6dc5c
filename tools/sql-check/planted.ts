import { checkCaptured } from './captured.ts';
import { checkStatements } from './check.ts';
import { readStatements } from './migrations.ts';
import { sqlRules } from './rules.ts';

export const path = 'services/auth/migrations/0001_planted.up.sql';

/** Checks one migration of auth: returns the broken rules with what was found. */
export const migrate = (text: string): string[] => {
  const { statements, faults } = readStatements([{ kind: 'migration', path, line: 1, schema: 'auth', text }]);
  return [...faults, ...checkStatements(statements, sqlRules)].map((said) => said.split('\n')[0] ?? '');
};
export const broken = (text: string): string[] =>
  migrate(`-- Contract: nothing reads it since 0.1.\n${text}`).map((said) => {
    const [, what = said, rule = ''] = /^[^ ]+ (.*)\. Rule "([^"]+)"/.exec(said) ?? [];
    return `${rule}: ${what}`;
  });

export const queryPath = 'services/auth/src/store/planted.ts';

/** Checks a run of auth's tests in which one template wrote the text. */
export const query = (text: string): string[] => {
  const template = { path: queryPath, line: 1, kind: 'statement', texts: [text] } as const;
  return checkCaptured([{ owner: 'services/auth', text }], [template]).faults.map((said) => said.split('. Rule')[0] ?? '');
};
