import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@guildhall/contracts';
import type { PublicContract } from '@guildhall/contracts';
import { tableOf } from './markdown/table.ts';
import type { Generator } from './all.ts';

const folder = 'docs/features';
/** The marks around the table of routes of a feature; they name the groups of contracts as `@guildhall/contracts` exports them. */
const marks = /(<!-- routes of ([\w, ]+): generated, do not edit -->\n)[\s\S]*?(<!-- routes: end -->)/g;

const head = ['method', 'path', 'permission', 'what it does'] as const;

const cellsOf = ({ method, path, permission, summary }: PublicContract): readonly string[] => [
  method,
  `\`${path}\``,
  permission === undefined ? '–' : `\`${permission}\``,
  summary.replaceAll('|', '\\|'),
];

const groupOf = (name: string): readonly PublicContract[] => {
  const found = (contracts as Readonly<Record<string, unknown>>)[name];
  if (typeof found !== 'object' || found === null) throw new Error(`@guildhall/contracts exports no group ${name}.`);
  return Object.values(found) as PublicContract[];
};

/** The text with the table of routes between each pair of marks. Throws an Error that names a group that is not exported. */
export const withRoutes = (text: string): string =>
  text.replaceAll(marks, (_all, begin: string, names: string, end: string) => {
    const routes = names.split(',').flatMap((name) => groupOf(name.trim()));
    return `${begin}\n${tableOf(head, routes.map(cellsOf))}\n\n${end}`;
  });

const root = join(import.meta.dirname, '..', '..');

const files = async (): Promise<ReadonlyMap<string, string>> => {
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')) : [];
  return new Map(names.map((name) => [`${folder}/${name}`, withRoutes(readFileSync(join(root, folder, name), 'utf8'))]));
};

export const generator: Generator = { name: 'routes of a feature', files };
