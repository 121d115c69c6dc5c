import { setImmediate as turn } from 'node:timers/promises';
import { freshDatabase, identityOf, testServerUrl } from '@guildhall/testkit';
import { Client } from 'pg';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPublisher } from '../src/index.ts';

const opensMax = 60;

test('a queue whose connections the server ends at any moment costs an answer, never the process', async () => {
  const database = await freshDatabase({ services: [] });
  const killer = new Client({ connectionString: testServerUrl() });
  await killer.connect();
  const faults: unknown[] = [];
  const note = (error: unknown): void => void faults.push(error);
  process.on('uncaughtException', note);
  const over = new AbortController();
  const killing = (async () => {
    while (!over.signal.aborted) {
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${new URL(database.url).pathname.slice(1)}'`,
      );
      await turn();
    }
  })();
  const answers: string[] = [];
  for (let opened = 0; opened < opensMax; opened += 1) {
    const publisher = createPublisher({
      queueUrl: database.url,
      identity: identityOf('team-resources'),
      log: pino({ level: 'silent' }),
    });
    answers.push(await publisher.depth('audit').then(String, (error: Error) => error.name));
    await publisher.close();
  }
  over.abort();
  await killing;
  process.off('uncaughtException', note);
  await killer.end();
  await database.drop();
  expect(answers).toContain('AppError');
  expect(faults).toEqual([]);
});
