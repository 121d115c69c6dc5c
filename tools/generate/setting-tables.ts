import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownSettings, roleSettings, sharedSettings, type SettingGroup } from '@guildhall/contracts';
import type { Generator } from './all.ts';

const path = 'docs/operations.md';
const tables = { shared: sharedSettings, own: [...ownSettings, ...roleSettings] } as const;

const written = ({ names, hasFile }: SettingGroup): string =>
  names.map((name) => (hasFile === true ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``)).join(', ');

const rowsOf = (settings: readonly SettingGroup[], cells: (setting: SettingGroup) => readonly string[]): readonly string[] =>
  settings.map((setting) => `| ${cells(setting).join(' | ')} |`);

const tableOf = {
  shared: (settings: readonly SettingGroup[]) => [
    '| setting | meaning |',
    '| --- | --- |',
    ...rowsOf(settings, (setting) => [written(setting), setting.meaning]),
  ],
  own: (settings: readonly SettingGroup[]) => [
    '| setting | of | decides |',
    '| --- | --- | --- |',
    ...rowsOf(settings, (setting) => [written(setting), setting.of ?? '', setting.meaning]),
  ],
};

/** Puts each table between its two marks. Throws when they are not there. */
export const withSettingTables = (document: string): string =>
  (['shared', 'own'] as const).reduce((text, name) => {
    const [begin, end] = [`<!-- ${name} settings: generated, do not edit -->`, `<!-- ${name} settings: end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`${path} has lost its marks "${begin}" and "${end}".`);
    const table = tableOf[name](tables[name]).join('\n');
    return `${before}${begin}\n\n<!-- prettier-ignore -->\n${table}\n\n${end}${after}`;
  }, document);

/** The tables of settings in the operator's page. */
export const generator: Generator = {
  name: 'setting tables',
  files: async () => new Map([[path, withSettingTables(readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8'))]]),
};
