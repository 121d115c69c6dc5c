import { expect, test } from 'vitest';
import { communityRoutes, errorsOf, inviteRoutes, scriptRoutes, authRoutes } from '../src/index.ts';

const always = ['INVALID', 'RATE_LIMITED', 'INTERNAL'];
const shared = ['NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'];
const sorted = (codes: Iterable<string>): string[] => [...codes].toSorted();

test('whatever an operation does, it can be invalid, limited or fail', () => {
  expect(sorted(errorsOf(authRoutes.getJwks, { scope: 'public', isShared: false }))).toEqual(sorted(always));
});

test('a body, a version and a key each bring their codes, a scope and the shared database theirs', () => {
  expect(sorted(errorsOf(communityRoutes.deleteCommunity, { scope: 'community', isShared: true }))).toEqual(
    sorted([
      ...always,
      ...shared,
      'UNAUTHENTICATED',
      'SESSION_ENDED',
      'FORBIDDEN',
      'NOT_FOUND',
      'TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VERSION_REQUIRED',
      'VERSION_MISMATCH',
    ]),
  );
  const created = errorsOf(scriptRoutes.createScript, { scope: 'workspace', isShared: true });
  expect([created.has('IDEMPOTENCY_KEY_REUSED'), created.has('VERSION_REQUIRED')]).toEqual([true, false]);
});

test('what only this operation answers is added', () => {
  const codes = errorsOf(inviteRoutes.acceptInvite, { scope: 'authenticated', isShared: true });
  expect([codes.has('GONE'), codes.has('CONFLICT'), codes.has('FORBIDDEN')]).toEqual([true, true, false]);
});

test.each([
  ['public', []],
  ['metrics', ['NOT_FOUND']],
  ['solo', ['FORBIDDEN']],
  ['authenticated', ['UNAUTHENTICATED', 'SESSION_ENDED']],
  ['solo-or-authenticated', ['UNAUTHENTICATED', 'SESSION_ENDED']],
  ['solo-or-permission', ['UNAUTHENTICATED', 'SESSION_ENDED', 'FORBIDDEN', 'NOT_CONFIGURED', 'SERVICE_UNAVAILABLE']],
  ['permission', ['UNAUTHENTICATED', 'SESSION_ENDED', 'FORBIDDEN']],
  [
    'installer',
    [
      'UNAUTHENTICATED',
      'SESSION_ENDED',
      'FORBIDDEN',
      'SETUP_TOKEN_INVALID',
      'CONFLICT',
      'RUN_IN_PROGRESS',
      'CONFIGURED_BY_ENVIRONMENT',
      'SERVICE_UNAVAILABLE',
    ],
  ],
  ['community', ['UNAUTHENTICATED', 'SESSION_ENDED', 'FORBIDDEN', 'NOT_FOUND']],
  ['workspace', ['UNAUTHENTICATED', 'SESSION_ENDED', 'FORBIDDEN', 'NOT_FOUND']],
] as const)('the scope %s refuses with its own codes', (scope, codes) => {
  expect(sorted(errorsOf(authRoutes.getJwks, { scope, isShared: false }))).toEqual(sorted([...always, ...codes]));
});
