import { waitFor } from '@guildhall/testkit';
import { beforeAll, expect, test } from 'vitest';
import { foundTeam, type Team } from '../support/team.ts';
import type { TestStack } from '../support/test-stack.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { must, signUp, type User } from '../support/users.ts';

const saves = 200;
const startedStack = useTestStack();
let run: TestStack;
let owner: User;
let team: Team;

beforeAll(async () => {
  run = startedStack();
  owner = await signUp(run.http, run.stack.mailFolder, 'Olive', run.stack.setupToken ?? undefined);
  team = await foundTeam(run.http, run.stack.mailFolder, 'Ada');
});

/** Every stored event of one action on this run's workspace's community, page by page. */
const events = async (action: string): Promise<{ id: string; resource: { id: string } }[]> => {
  const found: { id: string; resource: { id: string } }[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const path = `/v1/audit/events?community=${team.communityId}&action=${action}&limit=100${next}`;
    const page = await must(run.http, 200, 'GET', path, { token: owner.token });
    found.push(...(page['items'] as typeof found));
    cursor = page['nextCursor'] as string | null;
  } while (cursor !== null);
  return found;
};

test('audit killed in the middle of 200 saves and started again has 200 events, none twice', async () => {
  const { http, stack } = run;
  const save = async (n: number): Promise<string> => {
    const body = { name: `job ${n}`, language: 'shell', content: `echo ${n}` };
    return String((await must(http, 201, 'POST', team.scripts, { token: team.founder.token, body }))['id']);
  };
  const saved: string[] = [];
  for (let n = 0; n < saves; n += 8) {
    if (n === saves / 2) await stack.service('audit').kill('SIGKILL', { staysDown: true });
    saved.push(...(await Promise.all(Array.from({ length: 8 }, (_, i) => save(n + i)))));
  }
  await stack.service('audit').start();
  await waitFor(async () => (await http.send('GET', '/v1/audit/status', { token: owner.token })).status === 200, {
    what: 'audit to answer',
  });
  await waitFor(async () => (await events('script.create')).length >= saves, { timeoutMs: 60_000, what: 'every event' });
  const stored = await events('script.create');
  expect(stored.map(({ resource }) => resource.id).toSorted()).toEqual(saved.toSorted());
  expect(new Set(stored.map(({ id }) => id)).size).toBe(saves);
});
