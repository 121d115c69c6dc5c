import type { IndexFacts, ReferenceFacts, TableFacts } from './facts.ts';

/** A violation: the table, or `table.column`, `table.index`, and what is wrong with it. */
export interface Fault {
  readonly rule: string;
  readonly at: string;
  readonly what: string;
}

type Found = readonly [part: string, what: string];

interface Convention {
  readonly rule: string;
  readonly find: (table: TableFacts) => readonly Found[];
}

const types = {
  time: { postgres: 'timestamptz', sqlite: 'text' },
  truth: { postgres: 'bool', sqlite: 'integer' },
  count: { postgres: 'int8', sqlite: 'integer' },
  text: { postgres: 'text', sqlite: 'text' },
  id: { postgres: 'uuid', sqlite: 'text' },
} as const;

const singularOf = (plural: string): string => plural.replace(/ies$/, 'y').replace(/s$/, '');

/** Columns whose values are one of a closed list. */
const isStatus = (column: string): boolean => /^(status|state|result|outcome|purpose|role)$|_(status|state|type)$/.test(column);

const isLedBy = (columns: readonly string[], { columns: key }: ReferenceFacts): boolean =>
  key.every((column) => columns.slice(0, key.length).includes(column));

/** A condition that only leaves out rows without a reference leaves out nothing that a delete above must find. */
const servesDeletes = ({ columns, where }: IndexFacts, reference: ReferenceFacts): boolean =>
  isLedBy(columns, reference) &&
  (where === null || new RegExp(`^\\W*${reference.columns.join('|')}\\W+is\\s+not\\s+null\\W*$`, 'i').test(where));

/** The column names that an index may be called after: all, or without those that the primary key adds behind the first. */
const mayBeCalled = (words: string, [first = '', ...rest]: readonly string[], key: readonly string[]): boolean => {
  if (words === first && rest.every((column) => key.includes(column))) return true;
  if (!words.startsWith(`${first}_`)) return false;
  const behind = words.slice(first.length + 1);
  return rest.some(
    (_column, index) =>
      rest.slice(0, index).every((column) => key.includes(column)) && mayBeCalled(behind, rest.slice(index), key),
  );
};

const constraintStart = { primary: 'pk', foreign: 'fk', check: 'ck', unique: 'uq' } as const;

export const conventions: readonly Convention[] = [
  {
    rule: 'plural snake_case tables',
    find: ({ name }) => (/^[a-z][a-z0-9]*(_[a-z0-9]+)*[^s]s$/.test(name) ? [] : [['', 'is not plural snake_case']]),
  },
  {
    rule: 'snake_case columns',
    find: ({ columns }) =>
      columns.flatMap(({ name }): Found[] => (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) ? [] : [[name, 'is not snake_case']])),
  },
  {
    rule: 'id',
    find: ({ primaryKey }) => (primaryKey.join() === 'id' ? [] : [['', `has the key (${primaryKey.join(', ')}), not (id)`]]),
  },
  {
    rule: 'uuid ids',
    find: ({ columns, engine }) =>
      columns.flatMap(({ name, type }): Found[] =>
        name === 'id' && type !== types.id[engine] ? [[name, `is ${type}, not ${types.id[engine]}`]] : [],
      ),
  },
  {
    rule: 'created_at and updated_at',
    find: ({ columns, engine }) =>
      ['created_at', 'updated_at'].flatMap((wanted): Found[] => {
        const column = columns.find(({ name }) => name === wanted);
        if (column === undefined) return [[wanted, 'is missing']];
        return column.isNullable || column.type !== types.time[engine] ? [[wanted, `is not ${types.time[engine]} NOT NULL`]] : [];
      }),
  },
  {
    rule: 'times end in _at',
    find: ({ columns, engine }) =>
      columns.flatMap(({ name, type }): Found[] => {
        const isTime = engine === 'postgres' && /^(timestamptz?|timetz?)$/.test(type);
        if (isTime && !name.endsWith('_at')) return [[name, `is a ${type} that does not end in _at`]];
        return name.endsWith('_at') && type !== types.time[engine] ? [[name, `is ${type}, not ${types.time[engine]}`]] : [];
      }),
  },
  {
    rule: 'booleans begin with is_',
    find: ({ columns, engine }) =>
      columns.flatMap(({ name, type }): Found[] => {
        if (type.startsWith('bool') && !name.startsWith('is_')) return [[name, 'is a boolean that does not begin with is_']];
        return name.startsWith('is_') && type !== types.truth[engine] ? [[name, `is ${type}, not ${types.truth[engine]}`]] : [];
      }),
  },
  {
    rule: 'versions',
    find: ({ columns, engine }) =>
      columns.flatMap(({ name, type, isNullable }): Found[] =>
        name === 'version' && (isNullable || type !== types.count[engine])
          ? [[name, `is not ${types.count[engine]} NOT NULL`]]
          : [],
      ),
  },
  {
    rule: 'recoverable rows have deleted_at',
    find: ({ columns, engine }) => {
      if (!columns.some(({ name }) => name === 'version')) return [];
      const deletedAt = columns.find(({ name }) => name === 'deleted_at');
      if (deletedAt === undefined) return [['deleted_at', 'is missing: what can be edited can be deleted and restored']];
      return deletedAt.isNullable && deletedAt.type === types.time[engine]
        ? []
        : [['deleted_at', `is not ${types.time[engine]} that may be null`]];
    },
  },
  {
    rule: 'rows that a user made have created_by',
    find: ({ columns }) =>
      columns.some(({ name }) => name === 'created_by') ? [] : [['created_by', 'is missing: say which user made the row']],
  },
  {
    rule: 'users are text',
    find: ({ columns, engine }) =>
      columns.flatMap(({ name, type }): Found[] =>
        /^(user_id|created_by)$/.test(name) && type !== types.text[engine] ? [[name, `is ${type}, not text`]] : [],
      ),
  },
  {
    rule: 'foreign keys are called after the table',
    find: ({ references }) =>
      references.flatMap(({ columns, target }): Found[] =>
        columns.join() === `${singularOf(target)}_id`
          ? []
          : [[columns.join(), `points to ${target}: it is called ${singularOf(target)}_id`]],
      ),
  },
  {
    rule: 'foreign keys state ON DELETE',
    find: ({ references }) =>
      references.flatMap(({ columns, onDelete }): Found[] =>
        ['CASCADE', 'SET NULL', 'RESTRICT'].includes(onDelete) ? [] : [[columns.join(), `has ON DELETE ${onDelete}`]],
      ),
  },
  {
    rule: 'foreign keys are indexed',
    find: ({ references, indexes, primaryKey }) =>
      references.flatMap((reference): Found[] =>
        isLedBy(primaryKey, reference) || indexes.some((index) => servesDeletes(index, reference))
          ? []
          : [[reference.columns.join(), 'leads no index']],
      ),
  },
  {
    rule: 'index names',
    find: ({ name: table, indexes, primaryKey }) =>
      indexes.flatMap(({ name, columns, isUnique }): Found[] => {
        const start = `${isUnique ? 'uq' : 'idx'}_${table}_`;
        const isCalled = name.startsWith(start) && mayBeCalled(name.slice(start.length), columns, isUnique ? [] : primaryKey);
        return isCalled ? [] : [[name, `is called ${start}${columns.join('_')}`]];
      }),
  },
  {
    rule: 'constraint names',
    find: ({ name: table, constraints }) =>
      constraints.flatMap(({ name, kind, columns }): Found[] => {
        const start = `${constraintStart[kind]}_${table}`;
        const wanted = {
          primary: start,
          foreign: `${start}_${columns.join('_')}`,
          unique: `${start}_${columns.join('_')}`,
          check: start,
        }[kind];
        const isNamed = kind === 'check' ? name?.startsWith(`${start}_`) === true : name === wanted;
        return isNamed ? [] : [[name ?? kind, `is a ${kind} constraint: it is called ${wanted}${kind === 'check' ? '_…' : ''}`]];
      }),
  },
  {
    rule: 'closed lists have a CHECK',
    find: ({ columns, constraints, references, engine }) =>
      columns.flatMap(({ name, type }): Found[] => {
        const isBound =
          constraints.some(({ kind, columns: checked }) => kind === 'check' && checked.includes(name)) ||
          references.some((reference) => reference.columns.includes(name));
        return isStatus(name) && type === types.text[engine] && !isBound ? [[name, 'has no CHECK']] : [];
      }),
  },
];

/** Everything in which the tables break the conventions. */
export const faultsOf = (tables: readonly TableFacts[]): readonly Fault[] =>
  tables.flatMap((table) =>
    conventions.flatMap(({ rule, find }) =>
      find(table).map(([part, what]) => ({ rule, at: part === '' ? table.path : `${table.path}.${part}`, what })),
    ),
  );
