import { randomUUID } from 'node:crypto';
import type { DataRow, DataTable } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixture, type Fixture, type SignedIn } from './fixture.ts';

interface Page {
  readonly items: readonly DataRow[];
  readonly nextCursor: string | null;
}

let fixture: Fixture;
let people: readonly SignedIn[];
beforeAll(async () => {
  fixture = await startFixture();
  people = [await fixture.signUp(), await fixture.signUp(), await fixture.signUp()];
});
afterAll(() => fixture.close());

const looker = randomUUID();
const as = (permissions: readonly string[]) => fixture.asPrincipal({ userId: looker, permissions: [...permissions] });
const look = async <T = Page>(path: string, permissions: readonly string[] = ['data:read']) =>
  fixture.ask<T>('GET', `/internal/data/tables${path}`, { headers: await as(permissions) });
const rows = async (query: string): Promise<Page> => (await look(`/users/rows${query}`)).body;
const valuesOf = ({ items }: Page, column: string) =>
  items.map(({ cells }) => cells.find((cell) => cell.column === column)?.text);
const sorted = (ids: readonly string[]) => ids.toSorted((one, other) => (one < other ? -1 : 1));

describe('GET /internal/data/tables', () => {
  test('names tables with columns, classes, keys and references, and of secret columns the names', async () => {
    const { tables } = (await look<{ tables: DataTable[] }>('')).body;
    const sessions = tables.find(({ name }) => name === 'sessions');
    expect(sessions?.secretColumns).toEqual(['refresh_token_hash']);
    expect(sessions?.columns.find(({ name }) => name === 'user_id')).toEqual({
      name: 'user_id',
      type: 'text',
      isNullable: false,
      class: 'public',
      isKey: false,
      references: { table: 'users', column: 'id' },
      isFilterable: true,
      isSortable: true,
    });
  });

  test('is for holders of data:read alone, and so are rows', async () => {
    const answers = [await look('', ['user:read', 'system:read']), await look('/users/rows', [])];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});

describe('GET /internal/data/tables/:table/rows', () => {
  test('answers rows in pages, in the order of the key, each once', async () => {
    const first = await rows('?limit=2');
    const second = await rows(`?limit=2&cursor=${first.nextCursor}`);
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    const ids = [...valuesOf(first, 'id'), ...valuesOf(second, 'id')];
    expect(ids).toEqual(sorted(people.map(({ userId }) => userId)));
  });

  test('sorts by a public column in both directions, across pages', async () => {
    const down = await rows('?sort=created_at&order=desc&limit=2');
    const rest = await rows(`?sort=created_at&order=desc&limit=2&cursor=${down.nextCursor}`);
    const created = people.map(({ userId }) => userId).toReversed();
    expect([...valuesOf(down, 'id'), ...valuesOf(rest, 'id')]).toEqual(created);
  });

  test('filters by public columns, follows a reference by its value, and finds nothing of another type', async () => {
    const user = people[0]?.userId ?? '';
    expect(valuesOf((await look(`/sessions/rows?filter=user_id:is:${user}`)).body, 'user_id')).toEqual([user]);
    expect((await rows('?filter=status:is:active,deleted_at:null')).items).toHaveLength(3);
    expect((await rows('?filter=created_at:before:2020-01-01T00:00:00Z')).items).toHaveLength(0);
    const wrong = await look<{ code: string }>('/sessions/rows?filter=id:is:nobody');
    expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID']);
  });

  test('shows personal values and takes none as a filter; what is secret is not there', async () => {
    const page = await rows('');
    expect(valuesOf(page, 'email')).toContain(people[0]?.email);
    expect((await look(`/users/rows?filter=email:is:${people[0]?.email}`)).status).toBe(400);
    const passwords = await look('/user_passwords/rows');
    expect(passwords.body.items[0]?.cells.map(({ column }) => column)).toEqual(['created_at', 'updated_at', 'user_id']);
    for (const query of ['filter=password_hash:present', 'sort=password_hash'])
      expect((await look(`/user_passwords/rows?${query}`)).status).toBe(400);
  });

  test('knows no other table, be it the catalog or that of another service', async () => {
    for (const table of ['pg_authid', 'schema_migrations', 'communities', 'users_x'])
      expect([table, (await look(`/${table}/rows`)).status]).toEqual([table, 404]);
  });

  test('records each look before it, with the columns of its filter and no value', async () => {
    const before = await events();
    await look(`/sessions/rows?filter=user_id:is:${looker}&sort=created_at`);
    const after = (await events()).slice(before.length);
    expect(after).toMatchObject([
      {
        action: 'data.read',
        actor: { id: looker },
        resource: { type: 'table', id: 'sessions', name: 'auth.sessions' },
        changes: [
          { path: '/filter', after: ['user_id'] },
          { path: '/sort', after: ['created_at', 'id'] },
        ],
      },
    ]);
    expect(JSON.stringify(after)).not.toContain(`:${looker}`);
  });

  test('a look that cannot be recorded is refused', async () => {
    const { connection } = fixture.tables;
    await connection.query(sql.unsafe`ALTER TABLE auth.outbox_events RENAME TO outbox_events_away`);
    const refused = await look('/users/rows');
    await connection.query(sql.unsafe`ALTER TABLE auth.outbox_events_away RENAME TO outbox_events`);
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(refused.body)).not.toContain(people[0]?.email);
  });
});

const Payload = uncheckedRow({ payload: Type.Unknown() });
const events = async () =>
  (
    await fixture.tables.connection.any(sql.type(Payload)`
      SELECT payload FROM auth.outbox_events WHERE payload ->> 'action' = 'data.read' ORDER BY occurred_at, id`)
  ).map(({ payload }) => payload);
