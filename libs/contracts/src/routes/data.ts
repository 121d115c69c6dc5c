import { Type, type Static } from 'typebox';
import { choiceField, closed, field, named, nullable, pageFields, pageOf } from '../fields.ts';
import { sqlName } from '../patterns.ts';
import { group } from '../route.ts';
import { serviceNames } from '../service-names.ts';
import { UnreadPart } from './system.ts';

/** The classes of columns, by what of them leaves: see libs/data-browser. */
export const columnClasses = ['public', 'personal', 'content', 'secret'] as const;
export type ColumnClass = (typeof columnClasses)[number];

/** The comparisons of a condition: equal, at least, less than, null, not null. */
export const dataOperators = ['is', 'from', 'before', 'null', 'present'] as const;
export type DataOperator = (typeof dataOperators)[number];

/** The most conditions of one filter. */
export const dataFiltersMax = 3;

export const TableName = Type.String({ pattern: sqlName, maxLength: 63, description: 'The table.', examples: ['users'] });

const DataColumn = named('DataColumn', 'A column of a table.', {
  name: Type.String({ description: 'Its name.', examples: ['user_id'] }),
  type: Type.String({ description: 'Its type, in the words of the database.', examples: ['text'] }),
  isNullable: Type.Boolean({ description: 'Whether it may be null.', examples: [false] }),
  class: Type.Enum(['public', 'personal', 'content'], {
    description:
      '`public` and `personal` values are shown, of `content` the length alone; only `public` ones are filtered and sorted.',
    examples: ['public'],
  }),
  isKey: Type.Boolean({ description: 'Whether it is part of the primary key.', examples: [false] }),
  references: nullable(
    closed({
      table: Type.String({ description: 'The table.', examples: ['users'] }),
      column: Type.String({ description: 'The column.', examples: ['id'] }),
    }),
    'What its values point at, within the same service; null where they point at nothing.',
  ),
  isFilterable: Type.Boolean({ description: 'Whether rows can be filtered by it.', examples: [true] }),
  isSortable: Type.Boolean({ description: 'Whether rows can be sorted by it.', examples: [true] }),
});

export const DataTable = named('DataTable', 'A table of a service.', {
  name: field(TableName, 'Its name.'),
  rowsEstimate: nullable(
    Type.Number({ minimum: 0, examples: [1_200] }),
    'About how many rows it has, as the database last counted them; null where it never did.',
  ),
  columns: Type.Array(DataColumn, { description: 'Its columns that can be looked at.' }),
  secretColumns: Type.Array(Type.String(), {
    description: 'The names of its secret columns, whose values never leave.',
    examples: [['password_hash']],
  }),
});
export type DataTable = Static<typeof DataTable>;

const DataTables = named('DataTables', 'The tables that the caller may look into.', {
  services: Type.Array(
    closed({
      service: Type.Enum([...serviceNames, 'solo'] as const, {
        description: "The service that owns them; `solo`: the file of this gateway, for this machine's user.",
        examples: ['auth'],
      }),
      tables: Type.Array(DataTable, { description: 'Its tables.' }),
    }),
    { description: 'The services that could be read.' },
  ),
  unread: Type.Array(UnreadPart, { description: 'What could not be read, and why; empty where everything was.' }),
});
export type DataTables = Static<typeof DataTables>;

const DataCell = named('DataCell', 'A value of a row.', {
  column: Type.String({ description: 'The column.', examples: ['status'] }),
  text: nullable(
    Type.String({ maxLength: 400, examples: ['active'] }),
    'The value as text, of a long one the first 200 characters; null for null and for content.',
  ),
  length: nullable(
    Type.Integer({ minimum: 0, examples: [5_321] }),
    'The characters of the whole value, where not all of it is shown; null where it is, and for null.',
  ),
});

export const DataRow = named('DataRow', 'A row of a table, without its secret columns.', {
  cells: Type.Array(DataCell, { description: 'Its values, in the order of the columns.' }),
});
export type DataRow = Static<typeof DataRow>;

export const DataRowPage = pageOf('DataRow', DataRow);

export const rowsQuery = {
  ...pageFields,
  filter: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 900,
      description: `Up to ${dataFiltersMax} conditions that all hold, separated by commas: \`column:is:value\`, \`column:from:value\`, \`column:before:value\`, \`column:null\`, \`column:present\`. Of \`public\` columns alone.`,
      examples: ['created_at:from:2026-01-31T00:00:00Z'],
    }),
  ),
  sort: Type.Optional(
    Type.String({
      pattern: sqlName,
      maxLength: 63,
      description:
        'The column to sort by, a `public` one that is never null; the primary key where it is absent, and between equal rows.',
      examples: ['created_at'],
    }),
  ),
  order: choiceField(['asc', 'desc'], 'The direction.'),
};

const tag = {
  name: 'data',
  description: 'Read-only looks into the tables, for whoever runs the installation. Each look is audited.',
};

export const dataRoutes = group(tag, {
  listDataTables: {
    method: 'GET',
    path: '/v1/data/tables',
    summary:
      "The tables of every service with their columns, keys and references. Each service answers for its own; one that does not is named. The solo file is for this machine's user alone.",
    permission: 'data:read',
    action: 'data.list',
    subject: { type: 'table', id: 'all' },
    responses: { 200: DataTables },
  },
  listDataRows: {
    method: 'GET',
    path: '/v1/data/:service/:table/rows',
    summary:
      'Rows of a table, filtered and sorted by public columns. Secret columns are neither answered nor filtered, sorted or counted on. A look is recorded, or refused: into a service in the audit trail, into the solo file in that file.',
    permission: 'data:read',
    action: 'data.read',
    subject: { type: 'table', parameter: 'table' },
    params: {
      service: Type.Enum([...serviceNames, 'solo'] as const, { description: 'The service.', examples: ['auth'] }),
      table: TableName,
    },
    query: rowsQuery,
    responses: { 200: DataRowPage },
    errors: ['NOT_FOUND', 'UNPROCESSABLE', 'SHARED_DB_UNAVAILABLE'],
  },
});
