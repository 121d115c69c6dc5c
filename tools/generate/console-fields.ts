import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  communityRights,
  globalPermissions,
  grantableCommunityPermissions,
  tokenPermissions,
  type PublicContract,
} from '@guildhall/contracts';
import { routeTable } from '../../services/gateway/src/route-table.ts';
import type { Generator } from './all.ts';

/** A JSON Schema, as far as fields of forms are made of one. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The longest text that is asked for in one line. */
const lineCharactersMax = 1000;

/** A schema without the null that it may take beside its values. */
const present = (schema: Schema): Schema =>
  schema.anyOf?.length === 2 ? (schema.anyOf.find(({ type }) => type !== 'null') ?? schema) : schema;

const kindOf = ({ type, format, enum: options, maxLength, items }: Schema): string | null => {
  if (options !== undefined) return 'choice';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'check';
  if (type === 'array') return items?.type === 'string' && items.enum === undefined ? 'lines' : null;
  if (type !== 'string') return null;
  if (format === 'date-time') return 'time';
  if (format === 'uuid') return 'id';
  return (maxLength ?? 0) > lineCharactersMax ? 'text' : 'line';
};

const fieldOf = (given: Schema, isRequired: boolean): string | null => {
  const schema = present(given);
  const kind = kindOf(schema);
  if (kind === null) return null;
  const max = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const min = schema.minimum ?? schema.minItems;
  const parts = [
    `kind: '${kind}'`,
    ...(schema.enum === undefined ? [] : [`options: [${schema.enum.map((option) => `'${option}'`).join(', ')}]`]),
    ...(kind === 'id' || kind === 'time' || min === undefined ? [] : [`min: ${min}`]),
    ...(kind === 'id' || kind === 'time' || max === undefined ? [] : [`max: ${max}`]),
    ...(isRequired ? ['isRequired: true'] : []),
  ];
  return `{ ${parts.join(', ')} }`;
};

interface Part {
  readonly properties: object;
  readonly required?: readonly string[] | undefined;
}

/** The exported constant of the fields that a form can ask for; null where there is none. */
const constantOf = (name: string, part: Part | undefined, leftOut: readonly string[] = []): string | null => {
  if (part === undefined) return null;
  const { properties, required = [] } = part;
  const fields = Object.entries(properties as Readonly<Record<string, Schema>>).flatMap(([field, schema]) => {
    const text = leftOut.includes(field) ? null : fieldOf(schema, required.includes(field));
    return text === null ? [] : [`  ${field}: ${text},`];
  });
  return fields.length === 0 ? null : `export const ${name} = {\n${fields.join('\n')}\n} as const satisfies Fields;\n`;
};

const isPaged = ({ query }: PublicContract): boolean => query !== undefined && 'cursor' in query.properties;

/** The fields of an operation's body, and the filters of a list. */
const fieldsOf = (contract: PublicContract, used: ReadonlySet<string>): readonly (string | null)[] => {
  const { name, body, query } = contract;
  const ofQuery = `${name}Query`;
  return [
    used.has(name) ? constantOf(name, body) : null,
    used.has(ofQuery) && isPaged(contract) ? constantOf(ofQuery, query, ['limit', 'cursor']) : null,
  ];
};

const imports = /import \{([^}]*)\} from '[./]*\/api\/fields\.ts'/g;

/** The names of the constants that the console imports: no other is written. */
const usedNames = (): ReadonlySet<string> => {
  const folder = join(import.meta.dirname, '..', '..', 'web', 'src');
  const texts = globSync('**/*.{ts,tsx}', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
  const lists = texts.flatMap((text) => [...text.matchAll(imports)].map(([, list = '']) => list));
  return new Set(lists.flatMap((list) => list.split(',').map((name) => name.trim())));
};

const rightsHead =
  '// Written by make generate from the contracts: rights in a community and outside of any, what an own role and what a token may have.';

const listOf = (name: string, values: readonly string[]): string =>
  `export const ${name} = [\n${values.map((value) => `  '${value}',\n`).join('')}] as const;\n`;

/** The fields of bodies and the filters of lists with their bounds: what the console asks for, and what it lets through. */
export const generator: Generator = {
  name: 'fields of the console',
  files: async () => {
    const contracts = routeTable.map(({ contract }) => contract).toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    const used = usedNames();
    const head = "// Written by make generate from the contracts.\nimport type { Fields } from './field-kinds.ts';\n";
    const texts = contracts.flatMap((contract) => fieldsOf(contract, used)).filter((text) => text !== null);
    return new Map([
      ['web/src/api/fields.ts', [head, ...texts].join('\n')],
      [
        'web/src/api/rights.ts',
        [
          rightsHead,
          listOf('communityRights', communityRights),
          listOf('grantableRights', grantableCommunityPermissions),
          listOf('globalPermissions', globalPermissions),
          listOf('tokenPermissions', tokenPermissions),
        ].join('\n'),
      ],
    ]);
  },
};
