import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@guildhall/contracts';
import type { PublicContract } from '@guildhall/contracts';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import type { Generator } from './all.ts';

const root = join(import.meta.dirname, '..', '..');
const service = 'team-resources';
const page = `services/${service}/README.md`;
const features = 'docs/features';
const groupMarks = /<!-- routes of ([\w, ]+): generated/g;

/** A group of contracts as `@guildhall/contracts` exports it: `pollRoutes`. */
interface Group {
  readonly name: string;
  readonly routes: readonly PublicContract[];
}

const servedHere = new Set(routeTable.filter((entry) => entry.service === service).map(({ contract }) => contract.name));

const groups = (): readonly Group[] =>
  Object.entries(contracts)
    .filter(([name]) => name.endsWith('Routes') && name !== 'internalRoutes')
    .map(([name, group]) => ({
      name,
      routes: (Object.values(group as object) as PublicContract[]).filter((contract) => servedHere.has(contract.name)),
    }))
    .filter(({ routes }) => routes.length > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));

/** `controlMJobRoutes` → `control m job`. */
const titleOf = (name: string): string =>
  name
    .replace(/Routes$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();

/** The page in docs/features that shows the routes of a group, by the group's name. */
const featurePages = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(join(root, features)).flatMap((file) =>
      [...readFileSync(join(root, features, file), 'utf8').matchAll(groupMarks)].flatMap(([, names = '']) =>
        names.split(',').map((name) => [name.trim(), file] as const),
      ),
    ),
  );

/** The methods of each path; a path that goes on from the first one of the group stands there as `…` and what follows. */
const byPath = (routes: readonly PublicContract[]): readonly string[] => {
  const methodsOf = Object.groupBy(routes, ({ path }) => path.replaceAll(/:\w+/g, ':id'));
  const [first = ''] = Object.keys(methodsOf);
  return Object.entries(methodsOf).map(([path, found = []]) => {
    const shown = path.startsWith(`${first}/`) ? `…${path.slice(first.length)}` : path;
    return `\`${found.map(({ method }) => method).join(',')} ${shown}\``;
  });
};

const routeLines = (): string => {
  const pages = featurePages();
  const lineOf = ({ name, routes }: Group): string => {
    const file = pages.get(name);
    const title = file === undefined ? titleOf(name) : `[${titleOf(name)}](../../${features}/${file})`;
    return `- ${title}: ${byPath(routes).join(' · ')}`;
  };
  return groups().map(lineOf).join('\n');
};

const tableLines = (): string => {
  const schema = readFileSync(join(root, `services/${service}/schema.sql`), 'utf8');
  const found = [...schema.matchAll(/^CREATE (?:TABLE|VIEW) \w+\.(\w+)/gm)].map(([, table]) => `\`${table}\``);
  if (found.length === 0) throw new Error(`services/${service}/schema.sql creates no table.`);
  return `${found.join(', ')}.`;
};

/** The audit actions of the contracts that are no reads, by what they are about. */
const actionLines = (): string => {
  const actions = groups().flatMap(({ routes }) => routes.flatMap(({ method, action }) => (method === 'GET' ? [] : [action])));
  const verbsOf = Object.groupBy([...new Set(actions)], (action) => action.slice(0, action.indexOf('.')));
  return Object.entries(verbsOf)
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([type, found = []]) => `\`${type}.${found.map((action) => action.slice(type.length + 1)).join('|')}\``)
    .join(', ')
    .concat('.');
};

const blocks = { tables: tableLines, routes: routeLines, 'audit actions': actionLines } as const;

/** Puts tables, routes and audit actions between their marks in the page of a service. Throws an Error that names marks that are not there. */
export const withNouns = (document: string): string =>
  Object.entries(blocks).reduce((text, [name, lines]) => {
    const [begin, end] = [`<!-- ${name}: generated, do not edit -->`, `<!-- ${name}: end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`${page} has lost its marks "${begin}" and "${end}".`);
    return `${before}${begin}\n\n<!-- prettier-ignore -->\n${lines()}\n\n${end}${after}`;
  }, document);

/** The lists of nouns in the page of team-resources: a new noun is not written there by hand. */
export const generator: Generator = {
  name: 'nouns of a service',
  files: async () => new Map([[page, withNouns(readFileSync(join(root, page), 'utf8'))]]),
};
