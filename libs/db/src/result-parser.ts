import type { Interceptor, QueryResultRow } from 'slonik';

/** The error of rows that do not match their schema. Names columns, never their values. */
export class RowMismatch extends Error {
  override readonly name = 'RowMismatch';
}

/** Checks and renames every row by its statement's own schema: slonik itself validates none. */
export const resultParser: Interceptor = {
  name: 'guildhall-result-parser',
  transformRow: ({ resultParser: schema }, query, source) => {
    if (schema === undefined || schema['~standard'].vendor !== 'guildhall') return source;
    const result = schema['~standard'].validate(source);
    if (result instanceof Promise) throw new RowMismatch('A row schema must answer at once.');
    if (result.issues === undefined) return result.value as QueryResultRow;
    const reasons = result.issues.map(({ message }) => message).join('; ');
    throw new RowMismatch(`A row is not as its schema says: ${reasons}. The statement was: ${query.sql}`);
  },
};
