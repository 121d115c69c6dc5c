import { isAppError } from '@guildhall/errors';
import { describe, expect, test } from 'vitest';
import { browsedTables, createRowsRequest, tableOf, toDataTable, toRowsPage } from '../src/index.ts';

const structures = {
  users: {
    key: ['id'],
    columns: {
      created_at: 'timestamp with time zone',
      email: 'text',
      id: 'uuid',
      note: 'text | null',
      password_hash: 'text',
      seen_at: 'timestamp with time zone | null',
    },
    references: {},
  },
};
const classes = { users: { public: 'created_at id seen_at', personal: 'email', content: 'note', secret: 'password_hash' } };
const users = tableOf(browsedTables(structures, classes), 'users');

describe('browsedTables', () => {
  test.each([
    ['without a class', { users: { ...classes.users, secret: '' } }, 'users.password_hash has no class.'],
    ['of two classes', { users: { ...classes.users, personal: 'email note' } }, 'users.note has two classes.'],
    ['that is not there', { users: { ...classes.users, personal: 'email mail' } }, 'users.mail is no column.'],
    [
      'that is a key and not public',
      { users: { ...classes.users, public: 'created_at seen_at', personal: 'email id' } },
      'users.id is a key',
    ],
    ['of a table that is not there', { ...classes, people: { public: 'id' } }, 'people is no table.'],
    ['of a table that nobody classified', {}, 'users.created_at has no class.'],
  ])('refuses a column %s', (_what, wrong, said) => {
    expect(() => browsedTables(structures, wrong)).toThrow(said);
  });

  test('keeps of a secret column nothing but its name', () => {
    expect(users.columns.map(({ name }) => name)).toEqual(['created_at', 'email', 'id', 'note', 'seen_at']);
    expect(toDataTable(users, 3)).toMatchObject({ name: 'users', rowsEstimate: 3, secretColumns: ['password_hash'] });
  });
});

const refusalOf = (query: Parameters<typeof createRowsRequest>[1]): unknown => {
  try {
    return createRowsRequest(users, query);
  } catch (error) {
    return isAppError(error) ? [error.code, error.errors] : error;
  }
};

describe('createRowsRequest', () => {
  test('reads conditions, order and the position of a page', () => {
    const { conditions, orderedBy, isDescending, limit } = createRowsRequest(users, {
      filter: 'created_at:from:2026-01-31T08:30:00Z,seen_at:null',
      sort: 'created_at',
      order: 'desc',
      limit: 10,
    });
    expect(conditions.map(({ column, operator, value }) => [column.name, operator, value])).toEqual([
      ['created_at', 'from', '2026-01-31T08:30:00Z'],
      ['seen_at', 'null', ''],
    ]);
    expect([orderedBy.map(({ name }) => name), isDescending, limit]).toEqual([['created_at', 'id'], true, 11]);
  });

  test.each(['password_hash', 'email', 'note', 'nothing'])('refuses to filter by %s in the same words', (name) => {
    const message = 'takes one of these columns: created_at, id, seen_at';
    expect(refusalOf({ filter: `${name}:is:a` })).toEqual(['INVALID', [{ path: '/filter', message }]]);
  });

  test.each(['password_hash', 'email', 'note', 'seen_at', 'nothing'])('refuses to sort by %s in the same words', (sort) => {
    expect(refusalOf({ sort })).toEqual(['INVALID', [{ path: '/sort', message: 'takes one of these columns: created_at, id' }]]);
  });

  test('refuses an operator that is none, and more than three conditions', () => {
    for (const filter of ['id:like:a', 'id:present,id:present,id:present,id:present'])
      expect(refusalOf({ filter })).toEqual(['INVALID', [{ path: '/filter', message: expect.stringMatching(/^takes/) }]]);
  });
});

test('a page shows no more than 200 characters of a value, and of content its length', () => {
  const row = { texts: ['now', 'x'.repeat(201), 'a', null, null], lengths: [3, 900, 1, 70, null], position: ['a'] };
  const { items, nextCursor } = toRowsPage(users, [row, row], { limit: 1 });
  expect(items).toEqual([
    {
      cells: [
        { column: 'created_at', text: 'now', length: null },
        { column: 'email', text: 'x'.repeat(200), length: 900 },
        { column: 'id', text: 'a', length: null },
        { column: 'note', text: null, length: 70 },
        { column: 'seen_at', text: null, length: null },
      ],
    },
  ]);
  expect(nextCursor).not.toBeNull();
});
