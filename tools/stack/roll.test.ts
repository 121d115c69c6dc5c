import { expect, test } from 'vitest';
import { reachedFromHere } from './back-up.ts';
import { rollStack, type StackContainers } from './roll.ts';

const timing = { lookEveryMs: 1, noteEveryMs: 10_000, giveUpAfterMs: 30_000 };

/** Containers in memory, which keep what was done to them. A service in `broken` starts containers that never become ready. */
const createContainers = (counts: Readonly<Record<string, number>>, broken: readonly string[] = []) => {
  const done: string[] = [];
  const looks = new Map<string, number>();
  const byService = new Map(
    Object.entries(counts).map(([service, count]) => [
      service,
      Array.from({ length: count }, (_one, at) => `${service}:old${at + 1}`),
    ]),
  );
  let started = 0;
  const start = (service: string): string => {
    started += 1;
    return `${service}:new${started}`;
  };
  const containers: StackContainers = {
    running: async (service) => [...(byService.get(service) ?? [])],
    runOnce: async (service) => void done.push(`run ${service}`),
    scaleTo: async (service, count) => {
      const now = byService.get(service) ?? [];
      while (now.length < count) now.push(start(service));
      done.push(`start ${now.at(-1)}`);
    },
    recreate: async (service) => {
      byService.set(service, [start(service)]);
      done.push(`recreate ${service}`);
    },
    missingAt: async (id) => {
      looks.set(id, (looks.get(id) ?? 0) + 1);
      if ((looks.get(id) ?? 0) < 3) return 'HTTP/1.1 503';
      // By looks, and not by the time that they take: a busy machine does not make the others late.
      if (broken.some((service) => id.startsWith(`${service}:`))) throw new Error(`Waited for ${id} to be ready: HTTP/1.1 503`);
      done.push(`ready ${id}`);
      return null;
    },
    addressOf: async () => '127.0.0.1',
    remove: async (id) => {
      for (const [service, ids] of byService)
        byService.set(
          service,
          ids.filter((one) => one !== id),
        );
      done.push(`remove ${id}`);
    },
  };
  return { containers, done };
};

const roll = (containers: StackContainers): Promise<void> =>
  rollStack({ containers, onNote: () => {}, timing, addressesKeptMs: 1 });

test('a rolling restart migrates first, stops a container when another is ready beside it, and replaces one gateway after the other', async () => {
  const { containers, done } = createContainers({ auth: 2, 'team-resources': 1, audit: 1, gateway: 1, 'gateway-2': 1 });
  await roll(containers);
  expect(done).toEqual([
    'run migrate-auth',
    'run migrate-team-resources',
    'run migrate-audit',
    'start auth:new1',
    'ready auth:new1',
    'remove auth:old1',
    'start auth:new2',
    'ready auth:new2',
    'remove auth:old2',
    'start team-resources:new3',
    'ready team-resources:new3',
    'remove team-resources:old1',
    'start audit:new4',
    'ready audit:new4',
    'remove audit:old1',
    'recreate gateway-2',
    'ready gateway-2:new5',
    'recreate gateway',
    'ready gateway:new6',
  ]);
  expect(await containers.running('auth')).toEqual(['auth:new1', 'auth:new2']);
});

test('a new version that does not become ready goes again, and nothing of the old one is stopped', async () => {
  const { containers, done } = createContainers({ auth: 1, 'team-resources': 1, audit: 1, gateway: 1 }, ['team-resources']);
  await expect(roll(containers)).rejects.toThrow('Waited for team-resources:new2 to be ready: HTTP/1.1 503');
  expect(done.slice(-2)).toEqual(['start team-resources:new2', 'remove team-resources:new2']);
  expect(await Promise.all(['team-resources', 'audit', 'gateway'].map((service) => containers.running(service)))).toEqual([
    ['team-resources:old1'],
    ['audit:old1'],
    ['gateway:old1'],
  ]);
});

test('the database of a stack is reached from here at its container, by the same role and password', () => {
  expect(reachedFromHere('postgres://postgres:a-b_c@database:5432/guildhall\n', '172.20.0.3')).toBe(
    'postgres://postgres:a-b_c@172.20.0.3:5432/guildhall',
  );
});
