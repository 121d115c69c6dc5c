import { expect, test } from 'vitest';
import { testDatabase } from '../../src/installer/test-database.ts';
import { startSilentServer } from '../support/databases.ts';

const look = (port: number) =>
  testDatabase({ databaseUrl: `postgres://user@127.0.0.1:${port}/none`, queueUrl: undefined, migrationsExpected: {} });

test('a server that is silent, or speaks another protocol, is refused within seconds, and nothing of it is told', async () => {
  const silent = await startSilentServer();
  const other = await startSilentServer('SSH-2.0-OpenSSH_9.9 secret banner\r\n');
  try {
    const startedAt = performance.now();
    const { isUsable, faults, warnings } = await look(silent.port);
    expect([isUsable, faults.map(({ code }) => code), warnings]).toEqual([false, ['UNREACHABLE'], []]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    const report = await look(other.port);
    expect(report.faults.map(({ code }) => code)).toEqual(['UNREACHABLE']);
    expect(JSON.stringify(report)).not.toMatch(/SSH|banner|127\.0\.0\.1/);
  } finally {
    await silent.close();
    await other.close();
  }
});
