import type { CommunityRole } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemberships, type Memberships } from '../../../src/clients/identity/memberships.ts';
import { clientOf, problem } from '../../support/internal-client.ts';
import { sendJson, startStandIn, type StandIn } from '../../support/stand-in.ts';

let teamResources: StandIn;
let memberships: Memberships;
let role: CommunityRole | null;
let held: Promise<void> | undefined;
let close: () => Promise<void>;
const asked: string[] = [];
const communityId = '11111111-1111-4111-8111-111111111111';

beforeEach(async () => {
  role = 'member';
  held = undefined;
  asked.length = 0;
  teamResources = await startStandIn(async (request, response) => {
    asked.push(request.url ?? '');
    const answer = { communityId, role };
    await held;
    if (request.url?.includes('missing') === true) sendJson(response, 404, problem(404, 'NOT_FOUND'));
    else sendJson(response, 200, answer);
  });
  const client = clientOf(teamResources.url, 'team-resources');
  memberships = createMemberships(client);
  close = async () => {
    await client.close();
    await teamResources.stop();
  };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});

test('a question names the user and the thing, whatever characters they are made of', async () => {
  await memberships.inCommunity('a&b=c/../d', 'c?communityId=e');
  await memberships.ofWorkspace('ada', 'w');
  expect(asked).toEqual([
    '/internal/access?userId=a%26b%3Dc%2F..%2Fd&communityId=c%3FcommunityId%3De',
    '/internal/access?userId=ada&workspaceId=w',
  ]);
});

test('what someone is gets asked once in two seconds', async () => {
  for (const _ of [1, 2, 3]) expect(await memberships.inCommunity('ada', 'c')).toEqual({ communityId, role: 'member' });
  expect(asked).toHaveLength(1);
  role = 'viewer';
  const later = performance.now() + 2_001;
  vi.spyOn(performance, 'now').mockImplementation(() => later);
  // The cache looks at the clock at most once a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect((await memberships.inCommunity('ada', 'c'))?.role).toBe('viewer');
});

test('equal questions that come together are asked once', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => memberships.ofWorkspace('ada', 'w')));
  expect(new Set(answers.map((answer) => answer?.role))).toEqual(new Set(['member']));
  expect(asked).toHaveLength(1);
});

test('a stranger is asked about again: they may be about to join', async () => {
  role = null;
  expect(await memberships.inCommunity('ada', 'c')).toEqual({ communityId, role: null });
  role = 'member';
  expect(await memberships.inCommunity('ada', 'c')).toEqual({ communityId, role: 'member' });
});

test('what does not exist is null, and is asked about again', async () => {
  for (const _ of [1, 2]) expect(await memberships.inCommunity('ada', 'missing')).toBeNull();
  expect(asked).toHaveLength(2);
});

test('a service that is away is SERVICE_UNAVAILABLE and no answer is made up', async () => {
  await memberships.inCommunity('ada', 'c');
  await teamResources.stop();
  await expect(memberships.inCommunity('grace', 'c')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await teamResources.restart();
});

test('after a change nothing known before is answered, not even what was being asked', async () => {
  await memberships.inCommunity('ada', 'known');
  const gate = Promise.withResolvers<void>();
  held = gate.promise;
  const early = memberships.inCommunity('ada', 'c');
  await waitFor(() => asked.length === 2);
  role = 'viewer';
  memberships.forget();
  const late = memberships.inCommunity('ada', 'c');
  await waitFor(() => asked.length === 3);
  gate.resolve();
  expect([(await early)?.role, (await late)?.role]).toEqual(['member', 'viewer']);
  expect((await memberships.inCommunity('ada', 'c'))?.role).toBe('viewer');
  expect((await memberships.inCommunity('ada', 'known'))?.role).toBe('viewer');
});
