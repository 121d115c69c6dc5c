import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, withFailingStatements, type FreshDatabase } from '../src/index.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());

const applicationName = 'failing';
const withClient = async <T>(name: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: database.url, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'lost'),
  );
const countOf = () =>
  withClient('reader', async (client) => Number((await client.query('SELECT count(*) AS n FROM public.notes')).rows[0]?.n));

test('each failure is what it says: nothing was stored before the statement, the row after it', async () => {
  await withClient('writer', (client) => client.query('CREATE TABLE public.notes (n int8)'));
  const seen = new Set<string>();
  // Enough for each of the seven.
  for (let seed = 1; seed <= 12; seed += 1) {
    const earlier = await countOf();
    const { result, failed } = await withFailingStatements({ applicationName, seed, rate: 1 }, () =>
      withClient(applicationName, (client) => codeOf(client.query('INSERT INTO public.notes VALUES ($1)', [seed]))),
    );
    const [{ failure, hasRun } = { failure: 'none', hasRun: false }] = failed;
    expect({ failure, result, grown: (await countOf()) - earlier }).toEqual({ failure, result: failure, grown: hasRun ? 1 : 0 });
    seen.add(`${failure} ${hasRun ? 'after' : 'before'}`);
  }
  expect([...seen].toSorted()).toEqual(
    ['40001 before', '40003 after', '40003 before', '57P01 after', '57P01 before', 'lost after', 'lost before'].toSorted(),
  );
});

test('the same seed fails the same statements; sessions of another name, and all afterwards, are left alone', async () => {
  const ask = (name: string) =>
    withFailingStatements({ applicationName, seed: 7, rate: 0.5 }, () =>
      withClient(name, async (client) => {
        const answers: string[] = [];
        for (let index = 0; index < 10; index += 1) answers.push(await codeOf(client.query(`SELECT ${index}`)));
        return answers;
      }),
    );
  const [first, second] = [await ask(applicationName), await ask(applicationName)];
  expect(second.failed).toEqual(first.failed);
  expect(first.failed.length).toBeGreaterThan(0);
  const answered = Array.from({ length: 10 }, () => 'answered');
  expect(await ask('another')).toEqual({ result: answered, failed: [] });
  expect(await withClient(applicationName, (client) => codeOf(client.query('SELECT 1')))).toBe('answered');
});
