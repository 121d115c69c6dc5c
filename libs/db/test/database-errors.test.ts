import { DatabaseError } from 'pg';
import { ConnectionError } from 'slonik';
import { expect, test } from 'vitest';
import { constraintOf, detailOf, isConnectionLost, isRetryable, isUnavailable, sqlStateOf } from '../src/database-errors.ts';

const answered = (code: string): DatabaseError => Object.assign(new DatabaseError('refused', 7, 'error'), { code });

test.each(['58C00', '58C01', 'XXC02', '53300', '57P01', '40003'])('%s is an outage, not a fault of the program', (code) => {
  expect(isUnavailable(new Error('wrapped', { cause: answered(code) }))).toBe(true);
});

test.each(['40001', '23505', '22021', '42601'])('%s is none', (code) => {
  expect(isUnavailable(answered(code))).toBe(false);
  expect(isConnectionLost(answered(code))).toBe(false);
});

test.each(['08006', '57P01', '25P02', '25P03'])('a connection is not used again after %s', (code) => {
  expect(isConnectionLost(answered(code))).toBe(true);
});

test.each(['28P01', '3D000', '42501', '40001', '22023', '23505', '57P01'])(
  '%s as the answer to a connection that is being opened is an outage, and says nothing of a statement',
  (code) => {
    const notOpened = new ConnectionError('refused', { cause: answered(code) });
    expect([isUnavailable(notOpened), isConnectionLost(notOpened), isRetryable(notOpened)]).toEqual([true, true, false]);
    expect([sqlStateOf(notOpened), constraintOf(notOpened)]).toEqual([undefined, undefined]);
  },
);

test('the detail names why a connection could not be opened', () => {
  expect(detailOf(new ConnectionError('refused', { cause: answered('28P01') }))).toBe('access denied');
});
