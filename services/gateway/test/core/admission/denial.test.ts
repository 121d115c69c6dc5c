import { auditRoutes, AuditPayload, controlMRoutes, scriptRoutes, workspaceRoutes } from '@guildhall/contracts';
import { anyText } from '@guildhall/testkit/any-text';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { denialOf, type DeniedRequest } from '../../../src/core/admission/denial.ts';
import { routeTable, type PublicRoute } from '../../../src/route-table.ts';

const communityId = '11111111-1111-4111-8111-111111111111';
const caller = {
  userId: 'ada',
  sessionId: '22222222-2222-4222-8222-222222222222',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: [],
};
const request: DeniedRequest = {
  contract: scriptRoutes.updateScript,
  params: { workspaceId: 'w', scriptId: 's' },
  query: {},
  ip: '203.0.113.7',
};

test('a denial tells who wanted what of which thing, in which community, from where', () => {
  expect(denialOf(request, caller, { communityId, role: 'viewer' }, { requestId: 'r-1', userAgent: 'curl/8' })).toEqual({
    actor: { type: 'user', id: 'ada', sessionId: caller.sessionId, ip: '203.0.113.7', userAgent: 'curl/8' },
    action: 'script.update',
    resource: { type: 'script', id: 's' },
    communityId,
    result: 'denied',
    requestId: 'r-1',
    service: 'gateway',
  });
});

test('a denial of something global names no community', () => {
  const wholeTrail = { ...request, contract: auditRoutes.listAuditEvents, params: {} };
  expect(denialOf(wholeTrail, caller, null, { requestId: 'r-2', userAgent: undefined })).toEqual({
    actor: { type: 'user', id: 'ada', sessionId: caller.sessionId, ip: '203.0.113.7' },
    action: 'audit.read',
    resource: { type: 'audit-log', id: 'all' },
    result: 'denied',
    requestId: 'r-2',
    service: 'gateway',
  });
});

const seenIn = (denied: Partial<DeniedRequest>) => {
  const { action, resource, changes } = denialOf({ ...request, ...denied }, caller, null, { requestId: 'r', userAgent: '' });
  return { action, resource, ...(changes === undefined ? {} : { changes }) };
};

test('a denial names a folder as team-resources does, not the workspace it lies in', () => {
  const params = { workspaceId: 'w', folderId: 'f' };
  expect(seenIn({ contract: controlMRoutes.updateControlMFolder, params })).toEqual({
    action: 'control-m-folder.update',
    resource: { type: 'control-m-folder', id: 'f' },
  });
});

test('a denied restore is a restore', () => {
  expect(seenIn({ contract: workspaceRoutes.restoreWorkspace, params: { workspaceId: 'w' } })).toEqual({
    action: 'workspace.restore',
    resource: { type: 'workspace', id: 'w' },
  });
});

test('a denied creation says where it was to be', () => {
  expect(seenIn({ contract: scriptRoutes.createScript, params: { workspaceId: 'w' } })).toEqual({
    action: 'script.create',
    resource: { type: 'script', id: 'new' },
    changes: [{ path: '/workspaceId', after: 'w' }],
  });
});

test('a denied read of the trail names the community that the query asked for', () => {
  expect(seenIn({ contract: auditRoutes.listAuditEvents, params: {}, query: { community: communityId } }).resource).toEqual({
    type: 'audit-log',
    id: communityId,
  });
});

/** Action and resource of the events that the services write, by route; the contract tests of the services hold them to it. */
const events: Readonly<Record<string, readonly [action: string, type: string, id: string]>> = {
  createRole: ['role.create', 'role', 'new'],
  updateRole: ['role.update', 'role', ':role'],
  deleteRole: ['role.delete', 'role', ':role'],
  assignRole: ['role.assign', 'user', ':userId'],
  removeRole: ['role.remove', 'user', ':userId'],
  createCommunity: ['community.create', 'community', 'new'],
  updateCommunity: ['community.update', 'community', ':communityId'],
  deleteCommunity: ['community.delete', 'community', ':communityId'],
  updateMember: ['member.update', 'member', ':userId'],
  removeMember: ['member.remove', 'member', ':userId'],
  listInvites: ['invite.list', 'community', ':communityId'],
  createInvite: ['invite.create', 'invite', 'new'],
  revokeInvite: ['invite.revoke', 'invite', ':inviteId'],
  createCommunityWorkspace: ['workspace.create', 'workspace', 'new'],
  updateWorkspace: ['workspace.update', 'workspace', ':workspaceId'],
  deleteWorkspace: ['workspace.delete', 'workspace', ':workspaceId'],
  restoreWorkspace: ['workspace.restore', 'workspace', ':workspaceId'],
  createScript: ['script.create', 'script', 'new'],
  updateScript: ['script.update', 'script', ':scriptId'],
  uploadScript: ['script.update', 'script', ':scriptId'],
  deleteScript: ['script.delete', 'script', ':scriptId'],
  restoreScript: ['script.restore', 'script', ':scriptId'],
  restoreScriptVersion: ['script.restore-version', 'script', ':scriptId'],
  createControlMFolder: ['control-m-folder.create', 'control-m-folder', 'new'],
  importWorkspace: ['script.create', 'script', 'new'],
  transformControlM: ['control-m.transform', 'workspace', ':workspaceId'],
  updateControlMNamingRules: ['workspace.update-naming-rules', 'workspace', ':workspaceId'],
  importControlM: ['control-m-folder.create', 'control-m-folder', 'new'],
  updateControlMFolder: ['control-m-folder.update', 'control-m-folder', ':folderId'],
  deleteControlMFolder: ['control-m-folder.delete', 'control-m-folder', ':folderId'],
  restoreControlMFolder: ['control-m-folder.restore', 'control-m-folder', ':folderId'],
  deleteControlMDocument: ['control-m-document.delete', 'control-m-document', ':documentId'],
  restoreControlMDocument: ['control-m-document.restore', 'control-m-document', ':documentId'],
  restoreControlMDocumentVersion: ['control-m-document.restore-version', 'control-m-document', ':documentId'],
  restoreControlMFolderVersion: ['control-m-folder.restore-version', 'control-m-folder', ':folderId'],
  setRetention: ['audit.retention', 'audit-trail', 'events'],
  redactEvents: ['audit.redact', 'audit-trail', 'events'],
  exportAuditEvents: ['audit.export', 'audit-log', 'all'],
  exportCommunityAuditEvents: ['audit.export', 'audit-log', ':communityId'],
  testDatabase: ['installation.test', 'installation', 'shared-database'],
  configureInstallation: ['installation.configure', 'installation', 'shared-database'],
  disconnectInstallation: ['installation.disconnect', 'installation', 'shared-database'],
  updateUser: ['user.update', 'user', ':userId'],
  eraseUser: ['user.erase', 'user', ':userId'],
  resetSecondFactor: ['user.reset-second-factor', 'user', ':userId'],
  createServiceAccount: ['service-account.create', 'user', 'new'],
  createServiceToken: ['personal-token.create', 'personal-token', 'new'],
  rotateServiceToken: ['personal-token.rotate', 'personal-token', ':tokenId'],
  revokeServiceToken: ['personal-token.revoke', 'personal-token', ':tokenId'],
  endUserSessions: ['session.revoke', 'user', ':userId'],
  retryRejectedEvent: ['rejected-event.retry', 'rejected-event', ':eventId'],
};
const guarded = routeTable.filter(({ access }) => 'permission' in access);
const idsOf = (path: string) => Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([id, name = '']) => [name, id]));

const eventOf = ({ contract }: PublicRoute): readonly string[] => {
  const { action, resource } = seenIn({ contract, params: idsOf(contract.path) });
  return [action, resource.type, resource.id];
};
const isSilentRead = ({ contract }: PublicRoute): boolean => contract.method === 'GET' && events[contract.name] === undefined;
const byName = (routes: readonly PublicRoute[]) => routes.map((route) => [route.contract.name, route] as const);

const changing = guarded.filter((route) => !isSilentRead(route));
const isInTable = ({ contract }: PublicRoute): boolean => events[contract.name] !== undefined;

test.each(byName(changing.filter(isInTable)))('the denied event of %s is named as its success', (name, route) => {
  expect(eventOf(route)).toEqual(events[name]);
});

// There `tests/contract/every-change.test.ts` compares the events of a refusal and of a success as they are stored.
test('every other change is one in a community', () => {
  const others = changing.filter((route) => !isInTable(route));
  expect(others.filter(({ access }) => access.kind !== 'community').map(({ contract }) => contract.name)).toEqual([]);
});

test.each(byName(guarded.filter(isSilentRead)))(
  'the denied event of %s, which leaves none when it succeeds, is a read',
  (_name, route) => {
    const [action, , id] = eventOf(route);
    expect(action).toMatch(/\.(read|list|count|status|follow|prove|explain|compare|export|check|graph)(-[a-z]+)?$/);
    expect(id).not.toBe('any');
  },
);

test('whatever a path or a user agent holds, audit takes the denial and a database can store it', () => {
  const check = Compile(AuditPayload);
  const denied = (scriptId: string, userAgent: string) =>
    denialOf({ ...request, params: { scriptId } }, caller, null, { requestId: 'r', userAgent });
  fc.assert(
    fc.property(anyText({ maxLength: 400 }), fc.string({ maxLength: 900 }), (id, userAgent) => {
      const denial = denied(id, userAgent);
      return check.Check(denial) && !/\p{Cc}/u.test(denial.resource.id) && denial.resource.id.isWellFormed();
    }),
  );
  const odd = ['', '\u0000', 'x'.repeat(300), `${'x'.repeat(254)}😀`];
  expect(odd.map((id) => check.Check(denied(id, '')))).toEqual([true, true, true, true]);
  const create = { ...request, contract: scriptRoutes.createScript, params: { workspaceId: '\u0000'.repeat(400) } };
  expect(check.Check(denialOf(create, caller, null, { requestId: 'r', userAgent: '' }))).toBe(true);
});
