import { describe, expect, test } from 'vitest';
import { detectEngine, engineOf } from '../src/index.ts';

const postgres15 =
  'PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit';
const cockroach = 'CockroachDB CCL v24.3.1 (x86_64-pc-linux-gnu, built 2024/12/09 19:48:52, go1.22.8 X:nocoverageredesign)';

const differencesOf = (text: string) => {
  const { dropDatabase, name: _name, version: _version, ...rest } = engineOf(text);
  return { ...rest, drop: dropDatabase('shelf') };
};

describe('engineOf', () => {
  test.each([
    [postgres15, 'PostgreSQL', '15.18'],
    ['PostgreSQL 18.4 on x86_64-pc-linux-gnu, compiled by gcc, 64-bit', 'PostgreSQL', '18.4'],
    ['PostgreSQL 19beta1 on aarch64-apple-darwin', 'PostgreSQL', '19beta1'],
    [cockroach, 'CockroachDB', '24.3.1'],
    ['CockroachDB OSS v25.1.0-beta.2 (aarch64-unknown-linux-gnu)', 'CockroachDB', '25.1.0-beta.2'],
  ])('reads %s', (text, name, version) => {
    expect(engineOf(text)).toMatchObject({ name, version });
  });

  test.each(['', 'MySQL 9.1', 'Redshift, once PostgreSQL 8.0.2'])('refuses %j, and quotes it', (text) => {
    expect(() => engineOf(text)).toThrow(`neither PostgreSQL nor CockroachDB; it calls itself: ${text}`);
  });

  test('tells in what the two differ', () => {
    expect(differencesOf(postgres15)).toEqual({
      migrationSettings: [],
      takesSchemaBack: true,
      hasTemplates: true,
      wordsCatalogAsPostgres: true,
      drop: 'DROP DATABASE IF EXISTS shelf WITH (FORCE)',
    });
    expect(differencesOf(cockroach)).toEqual({
      migrationSettings: ['SET autocommit_before_ddl = on'],
      takesSchemaBack: false,
      hasTemplates: false,
      wordsCatalogAsPostgres: false,
      drop: 'DROP DATABASE IF EXISTS shelf CASCADE',
    });
  });
});

describe('detectEngine', () => {
  test('asks a connection once', async () => {
    const asked: string[] = [];
    const query = async (text: string) => {
      asked.push(text);
      return { rows: [{ version: cockroach }] };
    };
    const client = { query };
    expect(await detectEngine(client)).toMatchObject({ name: 'CockroachDB', version: '24.3.1' });
    expect(await detectEngine(client)).toMatchObject({ name: 'CockroachDB', version: '24.3.1' });
    expect(asked).toEqual(['SELECT version() AS version']);
  });
});
