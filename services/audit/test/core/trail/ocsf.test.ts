import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Compile } from 'typebox/schema';
import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../src/core/log/leaf.ts';
import { ocsfOf, ocsfVersion } from '../../../src/core/trail/ocsf.ts';

const schemaFile = path.resolve(import.meta.dirname, `../../ocsf/iam-${ocsfVersion}.json`);
const schema = Compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
const faultsOf = (event: unknown): readonly object[] => schema.Errors(event)[1];

const eventOf = (parts: Partial<LoggedEvent> = {}): LoggedEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  occurredAt: '2026-03-01T10:00:00.123Z',
  recordedAt: '2026-03-01T10:00:01.000Z',
  actor: {
    type: 'user',
    id: 'ada',
    sessionId: '00000000-0000-4000-8000-000000000031',
    ip: '2001:db8::7',
    userAgent: 'Firefox',
  },
  action: 'script.update',
  resource: { type: 'script', id: 'script-1', name: 'Night run' },
  communityId: '00000000-0000-4000-8000-000000000021',
  result: 'success',
  changes: [{ path: '/name', before: 'Day run', after: 'Night run' }],
  requestId: 'request-1',
  service: 'team-resources',
  ...parts,
});
const mapped = (parts: Partial<LoggedEvent> = {}) => ocsfOf({ leafIndex: 7, leafHash: 'hash', event: eventOf(parts) });

test('an event is an OCSF event with everything that OCSF has a place for, and the rest unmapped', () => {
  expect(mapped()).toEqual({
    category_uid: 3,
    category_name: 'Identity & Access Management',
    class_uid: 3004,
    class_name: 'Entity Management',
    activity_id: 3,
    activity_name: 'Update',
    type_uid: 300403,
    type_name: 'Entity Management: Update',
    time: Date.UTC(2026, 2, 1, 10, 0, 0, 123),
    message: 'script.update script Night run',
    severity: 'Informational',
    severity_id: 1,
    status: 'Success',
    status_id: 1,
    status_detail: 'success',
    metadata: {
      version: '1.8.0',
      product: { name: 'Guildhall', vendor_name: 'Guildhall', feature: { name: 'audit' } },
      uid: '00000000-0000-4000-8000-000000000001',
      correlation_uid: 'request-1',
      event_code: 'script.update',
      log_name: 'audit',
      log_provider: 'team-resources',
      original_time: '2026-03-01T10:00:00.123Z',
      logged_time: Date.UTC(2026, 2, 1, 10, 0, 1),
      sequence: 7,
    },
    actor: { user: { uid: 'ada', type: 'User', type_id: 1 }, session: { uid: '00000000-0000-4000-8000-000000000031' } },
    src_endpoint: { ip: '2001:db8::7' },
    http_request: { user_agent: 'Firefox' },
    entity: { uid: 'script-1', name: 'Night run', type: 'script' },
    unmapped: {
      leafHash: 'hash',
      resource: { type: 'script', id: 'script-1', name: 'Night run' },
      communityId: '00000000-0000-4000-8000-000000000021',
      changes: [{ path: '/name', before: 'Day run', after: 'Night run' }],
    },
  });
});

const system: LoggedEvent['actor'] = { type: 'system', id: 'auth' };
const user: LoggedEvent['resource'] = { type: 'user', id: 'grace' };
const session: LoggedEvent['resource'] = { type: 'session', id: 'session-1', name: 'Firefox' };
const roles = [{ path: '/roles/owner', before: false, after: true }];

test.each<[Partial<LoggedEvent>, typeUid: number, subject: object]>([
  [{ action: 'user.register', resource: user }, 300101, { user: { uid: 'grace', type_id: 1 } }],
  [{ action: 'user.verify-email', resource: user, actor: system }, 300199, { activity_name: 'verify-email' }],
  [{ action: 'session.create', resource: session }, 300201, { user: { uid: 'ada', type_id: 1 }, session: { uid: 'session-1' } }],
  [{ action: 'session.create', resource: user, result: 'denied' }, 300201, { user: { uid: 'grace', type_id: 1 }, status_id: 2 }],
  [{ action: 'session.revoke', resource: session, actor: system }, 300202, { service: { name: 'team-resources' } }],
  [{ action: 'audit.export', resource: { type: 'audit-log', id: 'all' } }, 300402, { entity: { uid: 'all', type: 'audit-log' } }],
  [{ action: 'workspace.create' }, 300401, { activity_name: 'Create' }],
  [{ action: 'workspace.restore', result: 'failure' }, 300499, { activity_name: 'restore', severity_id: 2, status_id: 2 }],
  [{ action: 'constructor.constructor' }, 300499, { activity_name: 'constructor' }],
  [
    { action: 'role.assign', resource: user, changes: roles },
    300501,
    { privileges: ['owner'], user: { uid: 'grace', type_id: 1 } },
  ],
  [{ action: 'role.remove', resource: user, changes: roles }, 300502, { privileges: ['owner'] }],
  [{ action: 'role.assign', resource: user, result: 'denied' }, 300501, { severity_id: 3, status_id: 2 }],
  [
    { action: 'community.create', resource: { type: 'community', id: 'c-1', name: 'Ops' } },
    300606,
    { group: { uid: 'c-1', name: 'Ops', type: 'community' } },
  ],
  [
    { action: 'community.delete', resource: { type: 'community', id: 'c-1' } },
    300605,
    { group: { uid: 'c-1', type: 'community' } },
  ],
  [{ action: 'community.update', resource: { type: 'community', id: 'c-1' } }, 300699, { activity_name: 'update' }],
  [{ action: 'invite.accept', resource: { type: 'invite', id: 'i-1' } }, 300603, { user: { uid: 'ada', type_id: 1 } }],
  [{ action: 'invite.create', resource: { type: 'invite', id: 'i-1' } }, 300401, { entity: { uid: 'i-1', type: 'invite' } }],
  [{ action: 'member.remove', resource: { type: 'member', id: 'grace' } }, 300604, { user: { uid: 'grace', type_id: 1 } }],
  [{ action: 'member.update', resource: { type: 'member', id: 'grace' } }, 300601, { privileges: ['name'] }],
])('%j is of the type %i, and as OCSF 1.8.0 requires it', (parts, typeUid, subject) => {
  const event = mapped(parts);
  expect(event).toMatchObject({
    type_uid: typeUid,
    class_uid: Math.floor(typeUid / 100),
    activity_id: typeUid % 100,
    ...subject,
  });
  expect([faultsOf(event), schema.Check(event)]).toEqual([[], true]);
});

test.each([
  ['a class without what it is about', { entity: undefined }],
  ['a type that is not the class and the activity', { type_uid: 300503 }],
  ['a time that is no number', { time: '2026-03-01T10:00:00Z' }],
  ['a severity that is none', { severity_id: 7 }],
  ['another version', { metadata: { version: '1.0.0', product: { name: 'Guildhall' } } }],
  ['a field that the class does not know', { colour: 'red' }],
])('the schema refuses %s', (_what, wrong) => {
  const plain: unknown = JSON.parse(JSON.stringify({ ...mapped(), ...wrong }));
  expect(schema.Check(plain)).toBe(false);
});
