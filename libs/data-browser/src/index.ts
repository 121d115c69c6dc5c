export {
  browsedTables,
  toDataTable,
  type BrowsedColumn,
  type BrowsedTable,
  type BrowsedTables,
  type ColumnClasses,
  type TableStructures,
} from './tables.ts';
export { cellCharactersMax, createRowsRequest, type Condition, type RowsQuery, type RowsRequest } from './rows-request.ts';
export { tableOf, toRowsPage, type FoundRow } from './rows-page.ts';
