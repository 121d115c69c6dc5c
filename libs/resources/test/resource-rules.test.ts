import { AppError } from '@guildhall/errors';
import { beforeEach, expect, test } from 'vitest';
import {
  auditDraftsOf,
  createContext,
  deleteResource,
  findResource,
  restoreResource,
  updateResource,
  userActor,
  type ResourceRules,
} from '../src/index.ts';

interface Poll {
  readonly id: string;
  readonly communityId: string;
  readonly name: string;
  readonly version: number;
  readonly updatedAt: string;
}

const at = '2026-01-31T08:30:00.000Z';
const first: Poll = { id: 'poll-1', communityId: 'community-1', name: 'Tea?', version: 1, updatedAt: 'before' };
const path = { pollId: 'poll-1' };

let stored = { item: first, isDeleted: false };
let steps: string[] = [];
let attemptsToLose = 0;
let isAllowed = true;
beforeEach(() => {
  stored = { item: first, isDeleted: false };
  steps = [];
  attemptsToLose = 0;
  isAllowed = true;
});

const context = createContext(
  {
    now: () => new Date(at),
    newId: () => 'event-1',
    sha256: String,
    recordDenial: async () => {},
    service: 'team-resources',
  },
  {
    caller: {
      userId: 'ada',
      displayName: 'Ada',
      actor: userActor('ada', 'session-1', { ip: '203.0.113.7', userAgent: undefined }),
    },
    requestId: 'request-1',
  },
);

const rules: ResourceRules<Poll, typeof stored, typeof path> = {
  context,
  noun: 'poll',
  find: async ({ pollId }) => (pollId === stored.item.id ? stored : undefined),
  draftOf: auditDraftsOf('poll', ({ name }: Poll) => name),
  allow: async (verb) => {
    steps.push(`allow ${verb}`);
    if (!isAllowed) throw new AppError('FORBIDDEN', 'Not you.');
  },
  save: async ({ verb, next, draft }) => {
    if (attemptsToLose > 0) {
      attemptsToLose -= 1;
      stored = { ...stored, item: { ...stored.item, version: stored.item.version + 1 } };
      return undefined;
    }
    steps.push(`save ${draft.action} of ${draft.resource.name}: ${JSON.stringify(draft.changes)}`);
    stored = { item: next, isDeleted: verb === 'delete' };
    return next;
  },
};

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
const closed = (): never => {
  throw new AppError('CONFLICT', 'It is closed.');
};

test('an update is allowed, compared with the version that was read, and stored with what it changes', async () => {
  const next = { ...first, name: 'Coffee?', version: 2, updatedAt: at };
  expect(await updateResource(rules, { ...path, ifMatch: [1], edit: { name: 'Coffee?' } })).toEqual(next);
  const changes = JSON.stringify([{ path: '/name', before: 'Tea?', after: 'Coffee?' }]);
  expect([steps, stored]).toEqual([['allow update', `save poll.update of Tea?: ${changes}`], { item: next, isDeleted: false }]);
});

test('an update that changes nothing keeps the version, in whatever state the resource is', async () => {
  expect(await updateResource(rules, { ...path, ifMatch: '*', edit: { name: 'Tea?' } }, closed)).toBe(first);
  expect(steps).toEqual(['allow update']);
});

test('refusals come in the order of what the caller may know: not found, not allowed, another version, another state', async () => {
  const change = { ...path, ifMatch: [7], edit: { name: 'Coffee?' } };
  isAllowed = false;
  expect(await codeOf(updateResource(rules, { ...change, pollId: 'poll-2' }))).toBe('NOT_FOUND');
  expect(await codeOf(updateResource(rules, change, closed))).toBe('FORBIDDEN');
  expect(await codeOf(deleteResource(rules, change, closed))).toBe('FORBIDDEN');
  isAllowed = true;
  expect(await codeOf(updateResource(rules, change, closed))).toBe('VERSION_MISMATCH');
  expect(await codeOf(deleteResource(rules, change, closed))).toBe('VERSION_MISMATCH');
  expect(await codeOf(updateResource(rules, { ...change, ifMatch: [1] }, closed))).toBe('CONFLICT');
  expect(await codeOf(deleteResource(rules, { ...change, ifMatch: [1] }, closed))).toBe('CONFLICT');
  expect(stored).toEqual({ item: first, isDeleted: false });
});

test('what is deleted softly is not found until it is restored; restoring what is there changes nothing', async () => {
  await deleteResource(rules, { ...path, ifMatch: [1] });
  expect(stored).toEqual({ item: { ...first, version: 2, updatedAt: at }, isDeleted: true });
  expect(await codeOf(findResource(rules, path))).toBe('NOT_FOUND');
  expect(await codeOf(deleteResource(rules, { ...path, ifMatch: '*' }))).toBe('NOT_FOUND');
  expect(await codeOf(updateResource(rules, { ...path, ifMatch: '*', edit: {} }))).toBe('NOT_FOUND');
  const restored = { ...first, version: 3, updatedAt: at };
  expect(await restoreResource(rules, path)).toEqual(restored);
  expect(await restoreResource(rules, path)).toBe(stored.item);
  expect(stored).toEqual({ item: restored, isDeleted: false });
});

test('a change that a concurrent one overtook is decided anew', async () => {
  attemptsToLose = 1;
  const change = { ...path, ifMatch: '*' as const, edit: { name: 'Coffee?' } };
  expect(await updateResource(rules, change)).toEqual({ ...first, name: 'Coffee?', version: 3, updatedAt: at });
  attemptsToLose = 1;
  expect(await codeOf(deleteResource(rules, { ...path, ifMatch: [3] }))).toBe('VERSION_MISMATCH');
});
