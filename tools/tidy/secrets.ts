import { readSecret } from '@guildhall/principal';
import { refusePlaceholder } from '@guildhall/resources';
import type { RepositoryFile } from '../source/repository.ts';
import { lineAt } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

/**
 * A setting that is given a value, as files of variables, YAML, JSON, Markdown and shell write it; `${NAME}` reads one.
 * WRONG_PASSWORD and WEAK_PASSWORD are codes of errors.
 */
const assignment =
  /(?<![\w${])(?!WRONG_|WEAK_)([A-Z][A-Z0-9_]*(?:KEY|SECRET|PASSWORD|TOKEN))["']?\s?[=:]\s?(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'`,;]+))/g;
/** The password of an address; `user:password@host` only shows the form of one. */
const userinfo = /\b[a-z]+:\/\/[^\s:/@"'`]*:([^\s/@"'`]+)@(?!host\b)/g;

const isRefused = (judge: () => unknown): boolean => {
  try {
    judge();
    return false;
  } catch {
    return true;
  }
};

const isReference = (value: string): boolean => value === '' || value.startsWith('$');

/** Whether a service would start with this value of a setting. */
const isAccepted = (name: string, value: string): boolean =>
  !isReference(value) &&
  !isRefused(() => (/(KEY|SECRET)$/.test(name) ? readSecret({ [name]: value }, name) : refusePlaceholder(name, value)));

const secretsIn = ({ path, text }: RepositoryFile): string[] => [
  ...[...text.matchAll(assignment)]
    .filter(([, name = '', ...values]) => isAccepted(name, values.find((value) => value !== undefined) ?? ''))
    .map(({ index, 1: name }) => `${path}:${lineAt(text, index)}: ${name}`),
  ...[...text.matchAll(userinfo)]
    .filter(([, password = '']) => isAccepted('PASSWORD', password))
    .map(({ index }) => `${path}:${lineAt(text, index)}: the password of an address`),
];

export const secretRules: readonly TidyRule[] = [
  {
    name: 'no secret that a service would accept',
    reason:
      'Whoever copies an example runs with what everyone can read. Write a text that begins with "replace", which every service refuses.',
    files: [
      '**/*.{env,md,json,yaml,yml,sh,sql,Dockerfile,example}',
      'Makefile',
      '.ci/*',
      '{libs,services,programs}/*/src/**/*.ts',
    ],
    find: eachFile(secretsIn),
  },
];
