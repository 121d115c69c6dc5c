import { Type } from 'typebox';
import { closed } from '../fields.ts';
import { route } from '../route.ts';
import { DataRowPage, DataTable, rowsQuery, TableName } from './data.ts';

const errors = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'] as const;

/** Served by every service with a schema in the shared database, for a principal with `data:read`. */
export const listOwnTables = route({
  name: 'listOwnTables',
  method: 'GET',
  path: '/internal/data/tables',
  summary: 'The tables of this service, without the values of secret columns.',
  responses: { 200: closed({ tables: Type.Array(DataTable) }) },
  errors,
});

/** Served by every service with a schema in the shared database, for a principal with `data:read`. The look is recorded, or refused. */
export const listOwnRows = route({
  name: 'listOwnRows',
  method: 'GET',
  path: '/internal/data/tables/:table/rows',
  summary: 'Rows of a table of this service.',
  params: closed({ table: TableName }),
  query: closed(rowsQuery),
  responses: { 200: DataRowPage },
  errors: [...errors, 'INVALID', 'NOT_FOUND', 'UNPROCESSABLE'],
});
