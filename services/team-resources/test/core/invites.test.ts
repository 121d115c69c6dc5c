import { randomUUID } from 'node:crypto';
import type { Community, Invite } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { createContext } from '@guildhall/resources';
import { expect, test } from 'vitest';
import type { InviteStore, InviteWithCommunity } from '../../src/core/invite-store.ts';
import { acceptInvite, declineInvite } from '../../src/core/invites.ts';

const at = '2026-01-31T08:30:00.000Z';
const context = createContext(
  { now: () => new Date(at), newId: randomUUID, sha256: String, recordDenial: async () => {}, service: 'team-resources' },
  {
    caller: {
      userId: 'grace',
      displayName: 'Grace',
      email: 'Grace@Example.org',
      sessionId: randomUUID(),
      permissions: [],
      actor: { type: 'user', id: 'grace' },
    },
    requestId: 'test',
  },
);
const community: Pick<Community, 'id' | 'name'> = { id: randomUUID(), name: 'c' };
const open: Invite = {
  id: randomUUID(),
  role: 'member',
  ownRole: null,
  email: null,
  usesLeft: 1,
  status: 'open',
  createdBy: 'ada',
  createdByName: 'Ada',
  createdAt: at,
  expiresAt: '2026-02-01T08:30:00.000Z',
  delivery: 'link_only',
};

/** A store that shows these sights one after the other, and stores nothing until the last. */
const storeShowing = (...sights: (InviteWithCommunity | undefined)[]): InviteStore => {
  let looks = 0;
  const findByToken = async () => sights[Math.min(looks++, sights.length - 1)];
  const isLast = async () => looks >= sights.length;
  return { findByToken, accept: isLast, decline: isLast } as unknown as InviteStore;
};
const sight = (changes: Partial<Invite> = {}, isMember = false): InviteWithCommunity => ({
  invite: { ...open, ...changes },
  community,
  isMember,
  isBarred: false,
});
const refusal = async (work: Promise<unknown>): Promise<readonly string[]> => {
  const error = await work.then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? [error.code, error.message] : [String(error)];
};

test('an invite that was used while the caller looked is told as used, not as a fault', async () => {
  const store = storeShowing(sight(), sight({ status: 'used', usesLeft: 0 }));
  expect(await refusal(acceptInvite(store, context, 'x'))).toEqual(['GONE', 'This invite is no longer open: it is used.']);
});

test('joining answers the id of the community', async () => {
  expect(await acceptInvite(storeShowing(sight()), context, 'x')).toBe(community.id);
});

test('an address is the same however it is written; another one learns nothing', async () => {
  expect(await acceptInvite(storeShowing(sight({ email: 'grace@example.org' })), context, 'x')).toBe(community.id);
  const store = storeShowing(sight({ email: 'ada@example.org', status: 'expired' }, true));
  expect(await refusal(acceptInvite(store, context, 'x'))).toEqual(['NOT_FOUND', 'There is no such invite.']);
  expect(await refusal(declineInvite(store, context, 'x'))).toEqual(['NOT_FOUND', 'There is no such invite.']);
});

test('trying again ends: who is always overtaken is told to come back', async () => {
  const never = { findByToken: async () => sight(), accept: async () => false } as unknown as InviteStore;
  expect((await refusal(acceptInvite(never, context, 'x')))[0]).toBe('SERVICE_UNAVAILABLE');
});
