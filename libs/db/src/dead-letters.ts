import { Type } from 'typebox';
import type { Connection } from './connection.ts';
import { uncheckedRow } from './row.ts';
import { sql } from './sql.ts';

// The table is each service's own.
const Count = uncheckedRow({ failed: Type.Integer() });

/** Counts the dead letters of a service: messages that it could not take. */
export const countDeadLetters = async (connection: Connection, schema: string): Promise<number> => {
  const { failed } = await connection.one(sql.type(Count)`
    SELECT count(id)::int8 AS failed FROM ${sql.identifier([schema, 'rejected_events'])}`);
  return failed;
};
