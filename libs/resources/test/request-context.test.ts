import { createHash } from 'node:crypto';
import type { AuditEventMessage } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  anonymousActor,
  createContext,
  createOnce,
  fingerprintOf,
  nextVersion,
  requirePermission,
  requireRole,
  requireVersion,
  userActor,
  type EarlierAnswer,
  type RememberedAnswer,
} from '../src/index.ts';

const at = '2026-01-31T08:30:00.000Z';
const sessionId = '7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11';
const actor = userActor('ada', sessionId, { ip: '203.0.113.7', userAgent: 'curl' });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let denials: AuditEventMessage[] = [];
beforeEach(() => {
  denials = [];
});
const contextWith = (idempotencyKey?: string) =>
  createContext(
    {
      now: () => new Date(at),
      newId: () => 'event-1',
      sha256,
      recordDenial: async (event) => void denials.push(event),
      service: 'team-resources',
    },
    { caller: { userId: 'ada', displayName: 'Ada', actor }, requestId: 'request-1', idempotencyKey },
  );
const draft = { action: 'poll.update', resource: { type: 'poll', id: 'poll-1' }, communityId: 'community-1', changes: [] };
const whole = {
  id: 'event-1',
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'ada', sessionId, ip: '203.0.113.7', userAgent: 'curl' },
    action: 'poll.update',
    resource: { type: 'poll', id: 'poll-1' },
    communityId: 'community-1',
    result: 'success',
    requestId: 'request-1',
    service: 'team-resources',
  },
};
const codeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    return error instanceof AppError ? [error.code, error.message] : error;
  }
};

describe('an audit event', () => {
  test('says who, what, where and when, and leaves out what is empty', () => {
    expect(contextWith().audit('success', draft)).toEqual(whole);
    expect(Object.keys(contextWith().audit('success', { ...draft, communityId: null }).payload)).not.toContain('communityId');
  });

  test('may name another actor than the caller', () => {
    const other = anonymousActor({ ip: '' });
    expect(contextWith().audit('success', { ...draft, actor: other }).payload.actor).toEqual({ type: 'system', id: 'anonymous' });
  });

  test('has an actor that fits its contract, however long address and user agent are', () => {
    expect(userActor('ada', 'no-uuid', { ip: 'x'.repeat(100), userAgent: 'y'.repeat(1000) })).toEqual({
      type: 'user',
      id: 'ada',
      ip: 'x'.repeat(64),
      userAgent: 'y'.repeat(512),
    });
  });
});

describe('a check of access', () => {
  test('lets a role with the permission pass, and records the denial of any other', async () => {
    await requireRole(contextWith(), 'member', 'script:update', draft);
    expect(denials).toEqual([]);
    expect(await codeOf(() => requireRole(contextWith(), 'viewer', 'script:update', draft))).toEqual([
      'FORBIDDEN',
      'Your role here, viewer, does not include script:update.',
    ]);
    expect(denials).toEqual([{ ...whole, payload: { ...whole.payload, result: 'denied' } }]);
  });

  test('wants a global permission', async () => {
    requirePermission(['role:read'], 'role:read');
    expect(await codeOf(() => requirePermission([], 'role:read'))).toEqual(['FORBIDDEN', 'This needs the permission role:read.']);
  });
});

describe('optimistic locking', () => {
  test('takes the current version alone, and names it otherwise', async () => {
    requireVersion(3, [3]);
    requireVersion(3, [2, 3]);
    requireVersion(3, '*');
    expect(await codeOf(() => requireVersion(3, [2]))).toEqual([
      'VERSION_MISMATCH',
      'The current version is 3. Read it again and repeat your change on it.',
    ]);
    const current = { name: 'a', size: 1, version: 3, updatedAt: at };
    expect(nextVersion(current, { name: 'b' }, 'later')).toEqual({ name: 'b', size: 1, version: 4, updatedAt: 'later' });
  });
});

const creation = (stored: Map<string, EarlierAnswer>, key: string, insert?: () => void) => ({
  fingerprint: ['poll.create', { name: 'x' }],
  findTarget: async () => ({ earlier: stored.get(key) ?? null }),
  allow: () => {},
  make: () => ({ id: 'poll-1' }),
  insert: async (_made: unknown, remembered: RememberedAnswer | null) => {
    insert?.();
    if (remembered === null) return true;
    if (stored.has(remembered.key)) return false;
    stored.set(remembered.key, remembered);
    return true;
  },
});

const forbid = (): never => {
  throw new AppError('FORBIDDEN', 'Not any more.');
};

describe('an idempotent create', () => {
  test('answers a repeated request with the first answer, as another request with the same key does not', async () => {
    const stored = new Map<string, EarlierAnswer>();
    expect(await createOnce(contextWith('key-1'), creation(stored, 'key-1'))).toEqual({ id: 'poll-1' });
    const again = { ...creation(stored, 'key-1'), make: () => ({ id: 'poll-2' }) };
    expect(await createOnce(contextWith('key-1'), again)).toEqual({ id: 'poll-1' });
    const other = { ...again, fingerprint: ['poll.create', { name: 'y' }] };
    expect(await codeOf(() => createOnce(contextWith('key-1'), other))).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
      'This Idempotency-Key was used for another request. Send a new one.',
    ]);
  });

  test('answers what an earlier release stored with the fields that answers have got since', async () => {
    const requestHash = sha256(fingerprintOf(['poll.create', { name: 'x' }]));
    const body = { id: 'poll-1', note: null, tags: ['a'], settings: { days: 30 } };
    const stored = new Map<string, EarlierAnswer>([['key-1', { requestHash, body }]]);
    const made = { id: 'poll-2', note: 'x', tags: [], isOpen: true, settings: { days: 7, titles: { first: 'New' } } };
    const repeated = { ...creation(stored, 'key-1'), make: () => made };
    expect(
      await createOnce<{ readonly id: string }, { readonly earlier: EarlierAnswer | null }>(contextWith('key-1'), repeated),
    ).toEqual({
      ...body,
      isOpen: true,
      settings: { days: 30, titles: { first: 'New' } },
    });
  });

  test('shows nobody an earlier answer who may not create any more', async () => {
    const stored = new Map<string, EarlierAnswer>();
    await createOnce(contextWith('key-1'), creation(stored, 'key-1'));
    const forbidden = { ...creation(stored, 'key-1'), allow: forbid };
    expect(await codeOf(() => createOnce(contextWith('key-1'), forbidden))).toEqual(['FORBIDDEN', 'Not any more.']);
  });

  test('that loses a race answers what the winner stored', async () => {
    const stored = new Map<string, EarlierAnswer>();
    const requestHash = sha256(fingerprintOf(['poll.create', { name: 'x' }]));
    const winner = (): void => void stored.set('key-1', { requestHash, body: { id: 'winner' } });
    expect(await createOnce(contextWith('key-1'), creation(stored, 'key-1', winner))).toEqual({ id: 'winner' });
  });

  test('without a key creates every time', async () => {
    let inserts = 0;
    const count = (): void => void (inserts += 1);
    await createOnce(contextWith(), creation(new Map(), 'key-1', count));
    await createOnce(contextWith(), creation(new Map(), 'key-1', count));
    expect(inserts).toBe(2);
  });
});
