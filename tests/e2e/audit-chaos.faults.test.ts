import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '../chaos/audit.ts');
/** The short form of `make chaos-audit`, on the kind of queue that this run tests. */
test('under faults at random moments no acknowledged change is lost, and each has its one audit event', async () => {
  const queue = process.env['TEST_QUEUE_URL']?.startsWith('redis') === true ? 'redis' : 'embedded';
  const child = spawn(process.execPath, [script, '--seconds', '8', '--writers', '4', '--seed', '5', '--queue', queue], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(said).toContain('no violation');
  expect(code).toBe(0);
});
