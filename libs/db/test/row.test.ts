import { leftJoined, row, table, uncheckedRow, withoutNull, type RowSchema } from '@guildhall/db';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';

const scripts = table<{ readonly id: string; readonly name: string; readonly deletedAt: string | null }>();
const folders = table<{ readonly id: string; readonly jobCount: number }>();

const read = (schema: RowSchema<unknown>, value: unknown) => {
  const { value: found, issues } = schema['~standard'].validate(value) as {
    value?: unknown;
    issues?: readonly { message: string }[];
  };
  return issues?.map(({ message }) => message) ?? found;
};

describe('a row', () => {
  test('takes columns of its tables and what the statement computes', () => {
    const Row = row([scripts, folders], { id: Type.String(), jobCount: Type.Integer() }, { isNew: Type.Boolean() });
    expect(read(Row, { id: 'a', job_count: 2, is_new: true })).toEqual({ id: 'a', jobCount: 2, isNew: true });
    expect(read(Row, { id: 'a', job_count: '2', is_new: true })).toEqual(['/jobCount must be integer']);
    expect(read(Row, { id: 'a', job_count: 2 })).toEqual([' must have required properties isNew']);
    expect(read(Row, { id: 'a', job_count: 2, is_new: true, name: 'b' })).toEqual(['The schema does not name the column name.']);
  });

  test('leaves out an optional property whose column is null', () => {
    const Row = row([scripts, leftJoined(folders)], { name: Type.String(), jobCount: Type.Optional(Type.Integer()) });
    expect(read(Row, { name: 'a', job_count: null })).toEqual({ name: 'a' });
  });

  test('refuses null in a column that the statement keeps from being null', () => {
    const Row = row([withoutNull(scripts, 'deletedAt')], { deletedAt: Type.String() });
    expect(read(Row, { deleted_at: null })).toEqual(['/deletedAt must be string']);
    expect(read(uncheckedRow({ deletedAt: Type.String() }), 'a')).toEqual(['It is not a row.']);
  });
});
