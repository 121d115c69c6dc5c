// @vitest-environment happy-dom
/// <reference types="vite/types/importMeta.d.ts" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Texts } from '../src/i18n/texts.ts';

const source = join(import.meta.dirname, '../src');
const filesEndingIn = (ending: string): readonly string[] =>
  readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));

/** `aria-label={t.grantTo(name)} …>{t.grant}</`: a label that names what its button is for, and the text on the button. */
const labelled =
  /aria-label=\{(?:[^{}]*\? \w\.\w+ : )?\w\.(\w+)\([^}]*\)\}(?:(?!<)[\s\S])*?>\s*\{(?:[^{}<]*\? \w\.\w+ : )?\w\.(\w+)\}\s*<\//g;

/** The names of labels and of the texts that they must contain. */
const namesOfPairs = filesEndingIn('.tsx').flatMap((file) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(labelled)].map(([, label = '', text = '']) => ({ label, text })),
);

const modulesOfTexts = import.meta.glob<Readonly<Record<string, unknown>>>('../src/**/texts.ts', { eager: true });

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): value is Texts<Table> => isTable(value) && isTable(value['en']) && isTable(value['zh']);

const pairsIn = (table: Table): readonly (readonly [text: string, label: string])[] =>
  namesOfPairs.flatMap((names) => {
    const [text, label] = [table[names.text], table[names.label]];
    const isPair = typeof text === 'string' && typeof label === 'function' && label.length === 1;
    return isPair ? [[text, String(label('Ada'))] as const] : [];
  });

// Who speaks to a computer says what stands on the button (WCAG 2.5.3, label in name).
test('the label of a button has its text in it, in every language', () => {
  const pairs: (readonly [string, string])[] = [];
  for (const module of Object.values(modulesOfTexts)) {
    for (const texts of Object.values(module).filter(isTexts)) pairs.push(...pairsIn(texts.en), ...pairsIn(texts.zh));
  }
  expect(pairs.length).toBeGreaterThan(10);
  expect(pairs.filter(([text, label]) => !label.toLowerCase().includes(text.toLowerCase()))).toEqual([]);
});
