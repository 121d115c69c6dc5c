import type { Expression, Node, ObjectExpression, PropertyKey } from 'oxc-parser';
import type { RepositoryFile } from '../source/repository.ts';
import { lineAt, visitFile } from '../source/syntax.ts';
import { eachFile, type TidyRule } from './rule.ts';

const screens = ['web/src/**/*.{ts,tsx}'];
/** Names that are the same in every language. */
const names = new Set(['API', 'Control', 'CSV', 'Guildhall', 'Mermaid', 'NDJSON', 'OCSF', 'SVG']);
const letters = /\p{L}{2,}/u;
const han = /\p{Script=Han}/u;

const nameOf = (key: PropertyKey | Node): string => {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : '';
};

/** The object behind a type that is stated beside it. */
const bare = (value: Expression): Expression =>
  value.type === 'TSSatisfiesExpression' || value.type === 'TSAsExpression' ? bare(value.expression) : value;

/** The entries of a dictionary by their paths; a function stands for the text that it returns. */
const entriesOf = (dictionary: ObjectExpression, path = ''): ReadonlyMap<string, Expression> => {
  const entries = new Map<string, Expression>();
  for (const property of dictionary.properties) {
    if (property.type !== 'Property') continue;
    const name = `${path}${nameOf(property.key)}`;
    const value = bare(property.value);
    if (value.type === 'ObjectExpression') for (const [inner, text] of entriesOf(value, `${name}.`)) entries.set(inner, text);
    else entries.set(name, value);
  }
  return entries;
};

const isNameAlone = (text: string): boolean => (text.match(/\p{L}{2,}/gu) ?? []).every((word) => names.has(word));

/** The texts within the source of a value: those of its strings and templates, without what is put into them. */
const literalsOf = (source: string): string =>
  [...source.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
    .map(([, one, two, template = '']) => one ?? two ?? template.replaceAll(/\$\{[^}]*\}/g, ''))
    .join(' ');

/** The keys that one language has and the other has not, and the texts that were not translated. */
const untranslatedIn = ({ path, text }: RepositoryFile, en: ObjectExpression, zh: ObjectExpression): readonly string[] => {
  const [english, chinese] = [entriesOf(en), entriesOf(zh)];
  const alone = [
    ...[...english.keys()].filter((key) => !chinese.has(key)),
    ...[...chinese.keys()].filter((key) => !english.has(key)),
  ].map((key) => `${path}: ${key} is in one language alone`);
  const left = [...chinese].filter(([, { start, end }]) => {
    const source = literalsOf(text.slice(start, end));
    return !han.test(source) && !isNameAlone(source);
  });
  return [...alone, ...left.map(([key, { start }]) => `${path}:${lineAt(text, start)}: ${key} is not translated`)];
};

/** Attributes whose text a person reads or hears. */
const spoken = new Set(['title', 'label', 'lead', 'hint', 'alt', 'placeholder', 'aria-label', 'action', 'legend']);

/** Texts that a person would read, and that are in no dictionary. */
const literalsIn = (file: RepositoryFile): readonly string[] => {
  const found: string[] = [];
  const report = (text: string, start: number): void => {
    if (letters.test(text) && !isNameAlone(text)) found.push(`${file.path}:${lineAt(file.text, start)}: ${text.trim()}`);
  };
  visitFile(file, {
    JSXText: ({ value, start }) => report(value, start),
    JSXAttribute: ({ name, value }) => {
      if (value?.type === 'Literal' && name.type === 'JSXIdentifier' && spoken.has(name.name)) report(value.value, value.start);
    },
    JSXExpressionContainer: ({ expression }) => {
      if (expression.type === 'Literal' && typeof expression.value === 'string') report(expression.value, expression.start);
    },
  });
  return found;
};

/** Rules for the texts of the console: every one is in a dictionary, in both languages. */
export const consoleTextRules: readonly TidyRule[] = [
  {
    name: 'texts of the console are in both languages',
    reason: 'Whoever reads Chinese reads this, too. Translate it; a name that is the same everywhere is listed in the rule.',
    files: screens,
    find: eachFile((file) => {
      const found: string[] = [];
      if (!file.text.includes('defineTexts(')) return found;
      visitFile(file, {
        CallExpression: ({ callee, arguments: [en, zh] }) => {
          if (callee.type !== 'Identifier' || callee.name !== 'defineTexts') return;
          if (en?.type === 'ObjectExpression' && zh?.type === 'ObjectExpression') found.push(...untranslatedIn(file, en, zh));
        },
      });
      return found;
    }),
  },
  {
    name: 'texts of the console are in dictionaries',
    reason: 'A text within a component has one language. Put it into a dictionary of defineTexts.',
    files: ['web/src/**/*.tsx'],
    find: eachFile(literalsIn),
  },
];
