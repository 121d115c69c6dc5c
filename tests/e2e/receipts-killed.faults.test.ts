import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testKey, processEnvironment, serviceKeysOf, freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { createServiceClient, type ServiceClient } from '@guildhall/testkit/service';
import { checkpointIn } from '@guildhall/tlog';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readVerifierKey } from '../../programs/audit-verify/src/checkpoint.ts';
import { InputError } from '../../programs/audit-verify/src/input-error.ts';
import { verifyReceipt } from '../../programs/audit-verify/src/receipt.ts';
import { eventOf } from '../../services/audit/test/contract/fixture.ts';

/**
 * Receipts of 2,000 events, or of as many as RECEIPTS says, taken from an audit service that is killed again and again, prove them when it and
 * its database are gone.
 */

const total = Number(process.env['RECEIPTS'] ?? 2_000);
/** A kill comes every 20 batches: no two of the eight workers come to one at a time. */
const batchCount = 100;
const batchSize = total / batchCount;
const killEvery = 20;
const minutes = 60_000;

let database: FreshDatabase;
let child: ChildProcess;
let url: string;
let client: ServiceClient;

/** Starts the service, at the port that it had. */
const start = async (): Promise<void> => {
  child = spawn(process.execPath, [join(import.meta.dirname, '../../services/audit/src/main.ts')], {
    env: {
      ...processEnvironment(),
      ...serviceKeysOf('audit'),
      ENCRYPTION_KEY: Buffer.from(testKey(7)).toString('base64'),
      DATABASE_URL: database.url,
      PORT: url === '' ? '0' : new URL(url).port,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const listening = Promise.withResolvers<string>();
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const found = /"msg":"listening at (http:\/\/[^" ]+)"/v.exec(output)?.[1];
    if (found !== undefined) listening.resolve(found);
  });
  url = await listening.promise;
};
const kill = async (): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

beforeEach(async () => {
  database = await freshDatabase({ services: ['audit'] });
  url = '';
  await start();
  client = createServiceClient('audit', url);
}, 2 * minutes);
afterEach(() => void child.kill('SIGKILL'));

/** Repeats a request until it is answered with 200: the service may be dead or just born. */
const untilAnswered = <T>(send: () => Promise<{ readonly status: number; readonly body: T }>): Promise<T> =>
  waitFor(
    async () => {
      const answer = await send().catch(() => null);
      return answer?.status === 200 ? answer.body : undefined;
    },
    { what: 'an answer', timeoutMs: minutes },
  );

/** Does the work on all items, several at a time; before every `killEvery`th part of a hundredth of it the service is killed. */
const underKills = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<number> => {
  let [next, kills] = [0, 0];
  const step = Math.ceil((items.length * killEvery) / 100);
  const worker = async (): Promise<void> => {
    for (let index = next; index < items.length; index = next) {
      next += 1;
      if (index % step === step - 1) {
        kills += 1;
        await kill();
        await start();
      }
      const item = items[index];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return kills;
};

const report = async (messages: readonly unknown[]): Promise<void> => {
  const headers = await client.asService('team-resources');
  await untilAnswered(() => client.ask('POST', '/internal/events', { body: { messages }, headers }));
};

const textOf = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}${path}`, { headers });
  return { status: answer.status, body: await answer.text() };
};

test(
  `the receipts of ${total} events verify, whenever the service was killed, and none with a bit flipped`,
  async () => {
    const events = Array.from({ length: total }, () => eventOf());
    const batches = Array.from({ length: batchCount }, (_, index) => events.slice(index * batchSize, (index + 1) * batchSize));
    expect(await underKills(batches, report)).toBe(5);
    await waitFor(async () => checkpointIn((await textOf('/v1/audit/log/checkpoint')).body)?.size === total, {
      what: 'all to be signed',
      timeoutMs: minutes,
    });

    const receipts = new Map<string, string>();
    const kills = await underKills(events, async ({ id }) => {
      const headers = await client.asPrincipal({ userId: 'reader', permissions: ['audit:read'] });
      receipts.set(id, await untilAnswered(() => textOf(`/v1/audit/events/${id}/receipt`, headers)));
    });
    expect(kills).toBe(5);
    const key = readVerifierKey((await textOf('/v1/audit/log/key')).body.trim());
    await kill();
    await database.drop();

    const indexes = new Set<number>();
    const held: string[] = [];
    for (const [id, text] of receipts) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
      const { eventText, fault, index } = verifyReceipt({ file: id, text }, [key]);
      expect([(JSON.parse(eventText) as { id: string }).id, fault]).toEqual([id, null]);
      indexes.add(index);
      const altered = Buffer.from(text);
      const bit = index % (altered.length * 8);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (holds({ file: id, text: altered.toString('utf8') }, key)) held.push(`${id} with bit ${bit}`);
    }
    expect([receipts.size, indexes.size, Math.max(...indexes), held]).toEqual([total, total, total - 1, []]);
  },
  10 * minutes,
);

/** True if a receipt proves its event. One that cannot be read does not. */
const holds = (file: Parameters<typeof verifyReceipt>[0], key: Parameters<typeof verifyReceipt>[1][number]): boolean => {
  try {
    return verifyReceipt(file, [key]).fault === null;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
};
