import { createHash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPersonalTokens, isPersonalToken, type PersonalTokens } from '../../../src/clients/identity/personal-tokens.ts';
import { clientOf } from '../../support/internal-client.ts';
import { sendJson, startStandIn, type StandIn } from '../../support/stand-in.ts';

const token = `guildhall_pat_${'A'.repeat(43)}`;
const found = {
  tokenId: '22222222-2222-4222-8222-222222222222',
  userId: 'ada',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['audit:read', 'community:create'],
  tokenPermissions: ['audit:read', 'script:update'],
};
const caller = {
  userId: 'ada',
  sessionId: found.tokenId,
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['audit:read'],
  tokenPermissions: found.tokenPermissions,
};

let auth: StandIn;
let tokens: PersonalTokens;
let answer: typeof found | null;
let close: () => Promise<void>;
const asked: string[] = [];
const uncounted = (): void => {};
const refuse = (): never => {
  throw new AppError('RATE_LIMITED', 'Too many.');
};

beforeEach(async () => {
  answer = found;
  asked.length = 0;
  auth = await startStandIn(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(Buffer.concat(chunks).toString());
    sendJson(response, 200, { found: answer });
  });
  const client = clientOf(auth.url, 'auth');
  tokens = createPersonalTokens(client);
  close = async () => {
    await client.close();
    await auth.stop();
  };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});

test('a token is sent to auth as its hash, once for all that come together, and means what both user and token may', async () => {
  const callers = await Promise.all(Array.from({ length: 10 }, () => tokens.verify(token, uncounted)));
  expect(callers).toEqual(Array.from({ length: 10 }, () => caller));
  expect(asked).toEqual([JSON.stringify({ tokenHash: createHash('sha256').update(token).digest('base64url') })]);
});

test('a token that was revoked is refused after two seconds, and one that is unknown is asked about as seldom', async () => {
  expect(await tokens.verify(token, uncounted)).toEqual(caller);
  answer = null;
  expect(await tokens.verify(token, uncounted)).toEqual(caller);
  const later = performance.now() + 2_001;
  vi.spyOn(performance, 'now').mockImplementation(() => later);
  // The cache looks at the clock at most once a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 2));
  for (const _ of [1, 2, 3]) await expect(tokens.verify(token, uncounted)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(asked).toHaveLength(2);
});

test('each question to auth is counted beforehand, and none is put when that is refused', async () => {
  let lookups = 0;
  const count = () => void (lookups += 1);
  for (const _ of [1, 2, 3]) expect(await tokens.verify(token, count)).toEqual(caller);
  expect(await tokens.verify(token, refuse)).toEqual(caller);
  await expect(tokens.verify(`guildhall_pat_${'B'.repeat(43)}`, refuse)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect([lookups, asked.length]).toEqual([1, 1]);
});

test('a text of another form is refused without asking', async () => {
  for (const text of ['guildhall_pat_', `${token}A`, token.slice(0, -1), `guildhall_pat_${'!'.repeat(43)}`])
    await expect(tokens.verify(text, uncounted)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(asked).toEqual([]);
  expect([isPersonalToken(token), isPersonalToken('eyJhbGciOiJFZERTQSJ9.e30.c2ln')]).toEqual([true, false]);
});
