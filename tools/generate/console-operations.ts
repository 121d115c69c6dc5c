import * as contracts from '@guildhall/contracts';
import type { PublicContract } from '@guildhall/contracts';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import type { Generator } from './all.ts';

const isGroup = (value: unknown): value is Readonly<Record<string, PublicContract>> =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).length > 0 &&
  Object.entries(value).every(
    ([name, one]) => (one as Partial<PublicContract> | null)?.name === name && 'tag' in (one as object),
  );

/** The groups of contracts that hold an operation of the route table, by the name of their export. */
const groupsOf = (names: ReadonlySet<string>): readonly string[] =>
  Object.entries(contracts)
    .filter(([, value]) => isGroup(value) && Object.keys(value).some((name) => names.has(name)))
    .map(([name]) => name)
    .toSorted();

const lineOf = ({ name, method, path, isVersioned, isIdempotentCreate, media }: PublicContract): string => {
  const habits = [
    ...(isVersioned === true ? ['isVersioned: true'] : []),
    ...(isIdempotentCreate === true ? ['isIdempotent: true'] : []),
    ...(media === undefined ? [] : [`media: '${media[0]}'`]),
  ];
  return `  ${name}: { method: '${method}', path: '${path}'${habits.map((habit) => `, ${habit}`).join('')} },`;
};

/** The operations that the console may call: method and path by name, beside the types of the contracts. */
export const generator: Generator = {
  name: 'operations of the console',
  files: async () => {
    const routes = routeTable.map(({ contract }) => contract).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    const groups = groupsOf(new Set(routes.map(({ name }) => name)));
    const text = [
      '// Written by make generate from the route table.',
      `import type {\n${groups.map((name) => `  ${name},`).join('\n')}\n} from '@guildhall/contracts';`,
      '',
      '/** The contracts of the public API, by the names of their operations. */',
      `export type Contracts = ${groups.map((name) => `typeof ${name}`).join(' &\n  ')};`,
      '',
      'export const operations = {',
      ...routes.map(lineOf),
      '} as const;',
      '',
    ].join('\n');
    return new Map([['web/src/api/operations.ts', text]]);
  },
};
