import { isAppError } from '@guildhall/errors';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRevokedSessions, type RevokedSessions } from '../../../src/clients/identity/revoked-sessions.ts';
import { catchLog } from '../../support/log-catcher.ts';
import { clientOf } from '../../support/internal-client.ts';
import { sendJson, startStandIn, type StandIn } from '../../support/stand-in.ts';

let auth: StandIn;
let revoked: RevokedSessions;
let close: () => Promise<void>;
let nowMs: number;
let sessionIds: string[];
let keyIds: string[];
let accounts: { userId: string; accessVersion: number }[] | undefined;
let isBroken: boolean;
let newKeys: number;
const asked: string[] = [];
let authNow: string;

const open = async (): Promise<void> => {
  auth = await startStandIn((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://auth').searchParams.get('since') ?? '');
    if (isBroken) sendJson(response, 500, {});
    else sendJson(response, 200, { sessionIds, keyIds, accounts, now: authNow });
  });
  const client = clientOf(auth.url, 'auth');
  revoked = createRevokedSessions({
    onRevoked: () => {},
    auth: client,
    onNewKeys: async () => void (newKeys += 1),
    log: catchLog().log,
    nowMs: () => nowMs,
  });
  close = async () => {
    await revoked.close();
    await client.close();
    await auth.stop();
  };
};

beforeEach(async () => {
  nowMs = Date.parse('2026-03-01T12:00:01.000Z');
  sessionIds = ['ended'];
  keyIds = ['key'];
  accounts = undefined;
  isBroken = false;
  newKeys = 0;
  authNow = '2026-03-01T12:00:00.000Z';
  asked.length = 0;
  await open();
});
afterEach(() => close());

const stateOf = (sessionId: string, keyId = 'key', accessVersion = 0): unknown => {
  try {
    return revoked.revocationOf({ sessionId, keyId, userId: 'ada', accessVersion }) !== null;
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
};

test('before auth has said which sessions ended, none is vouched for', () => {
  expect(stateOf('any')).toBe('SERVICE_UNAVAILABLE');
});

test('what auth says has ended is revoked, anything else is not', async () => {
  await waitFor(() => stateOf('ended') === true);
  expect([stateOf('ended'), stateOf('other')]).toEqual([true, false]);
});

test('the first question reaches back further than a token lives, each later one a minute behind auth’s own clock', async () => {
  sessionIds = [];
  await waitFor(() => asked.length >= 2);
  expect(asked.slice(0, 2)).toEqual(['2026-03-01T11:53:21.000Z', '2026-03-01T11:59:00.000Z']);
});

test('a clock that is an hour ahead of auth’s misses no session that ended before the start', async () => {
  await close();
  nowMs += 3_600_000;
  asked.length = 0;
  await open();
  await waitFor(() => stateOf('ended') === true);
  expect(asked.slice(0, 2)).toEqual(['2026-03-01T12:53:21.000Z', '2026-03-01T11:54:20.000Z']);
});

test('when auth’s clock was set back, what ended since is learned all the same', async () => {
  await waitFor(() => stateOf('ended') === true);
  authNow = '2026-03-01T11:00:00.000Z';
  await waitFor(() => asked.includes('2026-03-01T10:54:20.000Z'));
  const again = asked.indexOf('2026-03-01T10:54:20.000Z');
  await waitFor(() => asked.length >= again + 2);
  expect(asked[again + 1]).toBe('2026-03-01T10:59:00.000Z');
});

test('a session that ended is remembered while a token of it may live, and forgotten afterwards', async () => {
  await waitFor(() => stateOf('ended') === true);
  sessionIds = [];
  nowMs += 399_000;
  const before = asked.length;
  await waitFor(() => asked.length >= before + 2);
  expect(stateOf('ended')).toBe(true);
  nowMs += 2_000;
  await waitFor(() => stateOf('ended') === false);
});

test('tokens from before a change of rights are refused, later ones are not, and the change is remembered while one may live', async () => {
  accounts = [{ userId: 'ada', accessVersion: 2 }];
  await waitFor(() => stateOf('other', 'key', 1) === true);
  expect([stateOf('other', 'key', 0), stateOf('other', 'key', 2), stateOf('other', 'key', 3)]).toEqual([true, false, false]);
  accounts = [];
  nowMs += 399_000;
  const before = asked.length;
  await waitFor(() => asked.length >= before + 2);
  expect(stateOf('other', 'key', 1)).toBe(true);
  nowMs += 2_000;
  await waitFor(() => stateOf('other', 'key', 1) === false);
});

test('auth may be silent for ten seconds; then no session is vouched for until it speaks again', async () => {
  await waitFor(() => stateOf('ended') === true);
  isBroken = true;
  const before = asked.length;
  await waitFor(() => asked.length > before);
  nowMs += 9_999;
  expect([stateOf('ended'), stateOf('other')]).toEqual([true, false]);
  nowMs += 2;
  expect([stateOf('ended'), stateOf('other')]).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
  isBroken = false;
  await waitFor(() => stateOf('other') === false);
});

test('what a key signed that auth has no more is revoked; a key that was never seen is a new one', async () => {
  await waitFor(() => stateOf('other') === false);
  keyIds = ['next', 'key'];
  const before = asked.length;
  await waitFor(() => asked.length >= before + 2);
  keyIds = ['next'];
  await waitFor(() => stateOf('other') === true);
  expect([stateOf('other', 'next'), stateOf('other', 'newer')]).toEqual([false, false]);
  keyIds = ['next', 'key'];
  await waitFor(() => stateOf('other') === false);
});

test('when all keys are others auth has moved to another database: what ended there is learned from as far back as a token lives', async () => {
  await waitFor(() => stateOf('other') === false);
  const before = asked.length;
  keyIds = ['of another database'];
  sessionIds = ['ended there'];
  await waitFor(() => stateOf('ended there', 'of another database') === true);
  const furtherBack = asked.lastIndexOf('2026-03-01T11:53:21.000Z');
  expect(furtherBack).toBeGreaterThan(before - 1);
  expect(asked[furtherBack - 1]).toBe('2026-03-01T11:59:00.000Z');
  expect(stateOf('other')).toBe(true);
});

test('tokens of a new key are known before sessions are vouched for', async () => {
  await waitFor(() => revoked.isKnown());
  await waitFor(() => asked.length >= 2);
  expect(newKeys).toBe(1);
  keyIds = ['of another database'];
  revoked.reload();
  expect([revoked.isKnown(), stateOf('other')]).toEqual([false, false]);
  await waitFor(() => revoked.isKnown());
  expect([newKeys, stateOf('other'), stateOf('other', 'of another database')]).toEqual([2, true, false]);
});
