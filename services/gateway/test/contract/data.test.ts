import { dataRoutes, serviceNames, type DataRow, type DataTables } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

const Tables = Compile(dataRoutes.listDataTables.responses[200]);
const Rows = Compile(dataRoutes.listDataRows.responses[200]);
const column = {
  name: 'id',
  type: 'text',
  isNullable: false,
  class: 'public',
  isKey: true,
  references: null,
  isFilterable: true,
  isSortable: true,
};
const users = { name: 'users', rowsEstimate: null, columns: [column], secretColumns: ['password_hash'] };
const row = (text: string): DataRow => ({ cells: [{ column: 'id', text, length: null }] });

let team: StandInTeam;
let gateway: TestGateway;
let token: string;
const look = (path: string, options: { token?: string; isOutside?: boolean } = {}) => {
  const headers = options.isOutside === true ? fromOutside : {};
  return ask(`${gateway.url}/v1/data/${path}`, { headers, ...(options.token === undefined ? {} : { token: options.token }) });
};
interface Page {
  readonly items: readonly DataRow[];
  readonly nextCursor: string | null;
}
const page = async (query: string): Promise<Page> => (await look(`solo/workspaces/rows?${query}`)).body as Page;
const namesOf = ({ items }: Page) => items.map(({ cells }) => cells.find((cell) => cell.column === 'name')?.text);

beforeAll(async () => {
  team = await startStandInTeam();
  for (const service of serviceNames) team.internals.set(`${service} /internal/data/tables`, { tables: [users] });
  team.internals.set('auth /internal/data/tables/users/rows', { items: [row('ada')], nextCursor: 'digestdiges.WyJhZGEiXQ' });
  gateway = await startTestGateway(team.env);
  token = await team.issuer.sign({ userId: 'root', permissions: ['data:read'] });
  const names = async () => ((await look('tables', { token })).body as DataTables).services.length;
  await waitFor(async () => (await names()) === 4);
  await ask(`${gateway.url}/v1/workspaces`, { method: 'POST', body: { name: 'Nights' } });
  await ask(`${gateway.url}/v1/workspaces`, { method: 'POST', body: { name: 'Days' } });
});
afterAll(() => gateway.stop().then(team.stop));

describe('GET /v1/data/tables', () => {
  test('names the tables of each service, and those of the solo file on this machine', async () => {
    const { body } = await look('tables', { token });
    expect([...Tables.Errors(body)]).toEqual([]);
    const { services, unread } = body as DataTables;
    expect(services.map(({ service }) => service)).toEqual([...serviceNames, 'solo']);
    expect(unread).toEqual([]);
    const settings = services[3]?.tables.find(({ name }) => name === 'settings');
    expect([settings?.secretColumns, settings?.columns.map(({ name }) => name)]).toEqual([
      ['value'],
      ['id', 'version', 'created_at', 'updated_at'],
    ]);
  });

  test('shows the solo file to nobody on another machine, and the services to nobody without the permission', async () => {
    const outside = (await look('tables', { token, isOutside: true })).body as DataTables;
    const alone = (await look('tables')).body as DataTables;
    expect([outside, alone].map(({ services }) => services.map(({ service }) => service))).toEqual([[...serviceNames], ['solo']]);
  });

  test('names a service that does not answer, and answers the others', async () => {
    team.internals.delete('audit /internal/data/tables');
    const { services, unread } = (await look('tables', { token })).body as DataTables;
    expect([services.map(({ service }) => service), unread.map(({ part }) => part)]).toEqual([
      ['auth', 'team-resources', 'solo'],
      ['audit'],
    ]);
  });
});

describe('GET /v1/data/:service/:table/rows', () => {
  test('passes on what the service answers, with a cursor of its own', async () => {
    const { status, body } = await look('auth/users/rows?limit=1', { token });
    expect([status, [...Rows.Errors(body)]]).toEqual([200, []]);
    expect(body).toEqual({ items: [row('ada')], nextCursor: expect.stringMatching(/^[\w-]{11}\.WyJhZGEiXQ$/) });
    const { nextCursor } = body as { nextCursor: string };
    expect((await look(`auth/users/rows?cursor=${nextCursor}`, { token })).status).toBe(200);
    expect((await look(`auth/users/rows?sort=id&cursor=${nextCursor}`, { token })).status).toBe(400);
  });

  test("keeps this machine's user from the services, and everyone else from the solo file", async () => {
    const member = await team.issuer.sign({ userId: 'member', permissions: [] });
    const answers = [
      await look('auth/users/rows'),
      await look('auth/users/rows', { token: member }),
      await look('solo/workspaces/rows', { token, isOutside: true }),
    ];
    expect(answers.map((answer) => [answer.status, codeOf(answer)])).toEqual([
      [401, 'UNAUTHENTICATED'],
      [403, 'FORBIDDEN'],
      [403, 'FORBIDDEN'],
    ]);
  });

  test('reads the solo file in pages, in both directions, with a filter', async () => {
    const first = await page('sort=created_at&limit=1');
    const second = await page(`sort=created_at&limit=1&cursor=${first.nextCursor}`);
    expect([...namesOf(first), ...namesOf(second), second.nextCursor]).toEqual(['Nights', 'Days', null]);
    expect(namesOf(await page('sort=created_at&order=desc'))).toEqual(['Days', 'Nights']);
    expect(namesOf(await page('filter=version:is:1,deleted_at:null'))).toHaveLength(2);
    expect(namesOf(await page('filter=version:is:2'))).toEqual([]);
  });

  test('records each look into the solo file in it, with who was signed in, and never a value', async () => {
    await look('solo/scripts/rows?filter=language:is:shell&sort=created_at');
    await look('solo/control_m_folders/rows', { token });
    const { body } = await look('solo/data_looks/rows?sort=created_at&order=desc&limit=3');
    const names = ['table_name', 'filtered_by', 'sorted_by', 'user_id'];
    const looks = (body as Page).items.map(({ cells }) => names.map((name) => cells.find(({ column: of }) => of === name)?.text));
    const expected = [
      ['data_looks', '[]', '["created_at","id"]', null],
      ['control_m_folders', '[]', '["id"]', 'root'],
      ['scripts', '["language"]', '["created_at","id"]', null],
    ];
    expect(new Set(looks.map((one) => one.join(' ')))).toEqual(new Set(expected.map((one) => one.join(' '))));
    expect((await look('solo/no_such_table/rows')).status).toBe(404);
  });

  test('lets nothing of a secret column of the solo file out', async () => {
    const { body } = await look('solo/settings/rows');
    expect(JSON.stringify(body)).not.toContain('"value"');
    const refused = [await look('solo/settings/rows?filter=value:present'), await look('solo/settings/rows?sort=value')];
    expect(refused.map(({ status }) => status)).toEqual([400, 400]);
    expect((await look('solo/sqlite_master/rows')).status).toBe(404);
  });
});
