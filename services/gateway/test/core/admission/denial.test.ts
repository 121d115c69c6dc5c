import { AuditPayload } from '@guildhall/contracts';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { inCommunity, may } from '../../../src/core/admission/access-rule.ts';
import type { Visit } from '../../../src/core/admission/admit.ts';
import { denialOf } from '../../../src/core/admission/denial.ts';

const communityId = '11111111-1111-4111-8111-111111111111';
const caller = {
  userId: 'ada',
  sessionId: '22222222-2222-4222-8222-222222222222',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: [],
};
const visit: Visit = {
  access: inCommunity('script:update'),
  service: 'team-resources',
  requiresSharedDb: 'team-resources',
  isSignIn: false,
  params: { workspaceId: 'w', scriptId: 's' },
  token: 'a token that must not be told',
  ip: '203.0.113.7',
};

test('a denial tells who wanted what of which thing, in which community, from where', () => {
  expect(denialOf(visit, caller, { communityId, role: 'viewer' }, { requestId: 'r-1', userAgent: 'curl/8' })).toEqual({
    actor: { type: 'user', id: 'ada', sessionId: caller.sessionId, ip: '203.0.113.7', userAgent: 'curl/8' },
    action: 'script.update',
    resource: { type: 'script', id: 's' },
    communityId,
    result: 'denied',
    requestId: 'r-1',
    service: 'gateway',
  });
});

test('a denial of something global names no community, and any thing where the path names none', () => {
  expect(
    denialOf({ ...visit, access: may('audit:read'), params: {} }, caller, null, { requestId: 'r-2', userAgent: undefined }),
  ).toEqual({
    actor: { type: 'user', id: 'ada', sessionId: caller.sessionId, ip: '203.0.113.7' },
    action: 'audit.read',
    resource: { type: 'audit', id: 'any' },
    result: 'denied',
    requestId: 'r-2',
    service: 'gateway',
  });
});

test('whatever a path or a user agent holds, audit takes the denial and a database can store it', () => {
  const check = Compile(AuditPayload);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 900 }), (id, userAgent) => {
      const denial = denialOf({ ...visit, params: { userId: id } }, caller, null, { requestId: 'r', userAgent });
      return check.Check(denial) && !/\p{Cc}/u.test(denial.resource.id) && denial.resource.id.isWellFormed();
    }),
  );
  const odd = ['', '\u0000', 'x'.repeat(300), `${'x'.repeat(254)}😀`];
  const ids = odd.map((userId) => denialOf({ ...visit, params: { userId } }, caller, null, { requestId: 'r', userAgent: '' }));
  expect(ids.map((denial) => check.Check(denial))).toEqual([true, true, true, true]);
});
