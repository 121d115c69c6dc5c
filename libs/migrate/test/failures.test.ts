import { waitFor } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { LeaseLost, leaseTimes, migrateUp, migrationStatus } from '../src/index.ts';
import { ensureLease, takeLease } from '../src/lease.ts';
import { twoMigrations } from './fixtures.ts';
import { useLibraryDatabase } from './library-database.ts';

const { client, query, target } = useLibraryDatabase();

const pending = async (): Promise<readonly string[]> =>
  (await migrationStatus(target())).filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);

const after = (name: keyof typeof twoMigrations, sql: string) =>
  target({ ...twoMigrations, [name]: `${twoMigrations[name]} ${sql}` });

describe('a file whose later statement fails', () => {
  test.each([
    ['on an empty schema', '0001_create_shelves', 3, ['0001_create_shelves', '0002_create_books']],
    ['on one that is partly migrated', '0002_create_books', 4, ['0002_create_books']],
  ] as const)('%s is named with its statement, leaves nothing, and the next run goes on', async (_where, name, number, left) => {
    const broken = after(
      `${name}.up.sql`,
      "UPDATE library.shelves SET label = 'a;b' /* not yet; */ WHERE nobody -- there\n = 1;",
    );
    await expect(migrateUp(broken)).rejects.toThrow(
      `${name}.up.sql failed in schema library at statement ${number} of ${number}: column "nobody" does not exist
  UPDATE library.shelves SET label = 'a;b' WHERE nobody = 1
Nothing of ${name} is left in the database, and all before it stays. Put right what the server names, and run up again: it goes on with ${name}.`,
    );
    expect(await pending()).toEqual(left);
    expect(await migrateUp(target())).toEqual(left);
  });
});

describe('a connection that is cut in the middle of a file', () => {
  test.each([
    ['on an empty schema', '0001_create_shelves', ['0001_create_shelves', '0002_create_books']],
    ['on one that is partly migrated', '0002_create_books', ['0002_create_books']],
  ] as const)('%s is told with the statement, and the next run goes on at once', async (_where, name, left) => {
    const run = migrateUp(after(`${name}.up.sql`, 'SELECT pg_sleep(60);')).then(
      () => 'applied',
      (error: unknown) => String(error),
    );
    await waitFor(async () => {
      const { rowCount } = await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'",
      );
      return rowCount === 1;
    });
    const said = await run;
    expect(said).toMatch(
      new RegExp(
        `^Error: ${name}\\.up\\.sql failed in schema library at statement \\d of \\d: .+\n {2}SELECT pg_sleep\\(60\\)\nThe connection was lost: the status tells`,
      ),
    );
    expect(await pending()).toEqual(left);
    expect(await migrateUp(target())).toEqual(left);
  });
});

test('who waits for the lease of another gives up after its time, and says who holds it', async () => {
  await ensureLease(client(), 'library');
  await takeLease(client(), 'library', 'elsewhere:1:a', 60_000);
  const lease = { ...leaseTimes, waitMs: 300, askEveryMs: 50 };
  await expect(migrateUp({ ...target(), lease })).rejects.toThrow(
    /^Schema library is being migrated by elsewhere:1:a, last seen \d+\.\d s ago: waited 0\.3 s\. /,
  );
});

test('a run whose lease is taken while a file is open writes nothing of that file, and says so', async () => {
  const taken = after('0002_create_books.up.sql', 'UPDATE library.schema_migration_lease SET fencing = fencing + 1;');
  await expect(migrateUp(taken)).rejects.toThrow(LeaseLost);
  expect(await pending()).toEqual(['0002_create_books']);
  expect(await migrateUp(target())).toEqual(['0002_create_books']);
});
