import type { AnswerOf } from '../../api/call.ts';

type ServiceTables = AnswerOf<'listDataTables'>['services'][number];

/** The parts of the answers about tables and rows. */
export type Service = ServiceTables['service'];
export type DataTable = ServiceTables['tables'][number];
export type Column = DataTable['columns'][number];
export type Cell = AnswerOf<'listDataRows'>['items'][number]['cells'][number];
