import { expect, test } from 'vitest';
import { isUnavailableState } from '../src/index.ts';

test.each([
  ['58C00', 'CockroachDB: a range without its quorum'],
  ['58C01', 'CockroachDB: a connection between nodes failed'],
  ['58030', 'an input or output error'],
  ['XXC02', 'CockroachDB: the licence does not allow it'],
  ['08006', 'connection failure'],
  ['53300', 'too many connections'],
  ['57P01', 'the server shuts down'],
  ['57014', 'a statement was cancelled'],
  ['25006', 'read-only'],
  ['25P02', 'a failed transaction was not ended'],
  ['25P03', 'idle in a transaction for too long'],
])('%s says that the server cannot work now: %s', (state) => {
  expect(isUnavailableState(state)).toBe(true);
});

test.each(['40001', '40003', '23505', '22021', '42601', 'XX000', 'XXC01', '25001'])('%s does not', (state) => {
  expect(isUnavailableState(state)).toBe(false);
});
