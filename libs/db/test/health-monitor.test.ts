import { serverEngine } from '@guildhall/testkit';
import type { QueryResult } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkIsolation } from '../src/health-monitor.ts';
import { execute, openShared, shopDatabase, untilStatus } from './fixtures.ts';

const isPostgres = (await serverEngine()).name === 'PostgreSQL';

/** Reading the migrations fails with 40001 at each second look; the sequence counts the looks, rolled back or not. */
const failingReads = `
  CREATE SEQUENCE shop.looks;
  CREATE FUNCTION shop.names() RETURNS SETOF text LANGUAGE plpgsql AS $$
  BEGIN
    IF nextval('shop.looks') % 2 = 1 THEN RAISE EXCEPTION 'restart transaction' USING ERRCODE = '40001'; END IF;
    RETURN NEXT '0001_a';
  END $$;
  CREATE VIEW shop.schema_migrations AS SELECT name FROM shop.names() AS name`;

/** The levels that are reported for a server that answers with `level`. */
const levelsOf = async (level: string): Promise<readonly string[]> => {
  const levels: string[] = [];
  const answer = { rows: [{ transaction_isolation: level }] } as QueryResult;
  await checkIsolation({ query: async () => answer }, { onOtherIsolation: (other) => levels.push(other) });
  return levels;
};

describe('the health monitor', () => {
  test.runIf(isPostgres)('reads the migrations again after a serialization failure and keeps the pool', async () => {
    const database = await shopDatabase();
    onTestFinished(() => database.drop());
    await execute(database.url, failingReads);
    const shared = openShared(database.url, { migrationsExpected: ['0001_a'] });
    const states: string[] = [];
    shared.onChange(({ status }) => states.push(status));
    await untilStatus(shared, 'ready');
    expect(shared.migrations()).toEqual({ applied: 1, pending: 0 });
    expect(states).toEqual(['ready']);
  });

  test('reports transactions that run at another isolation level than READ COMMITTED', async () => {
    expect(await levelsOf('read committed')).toEqual([]);
    expect(await levelsOf('serializable')).toEqual(['serializable']);
  });
});
