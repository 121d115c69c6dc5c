import {
  auditReadingRoutes,
  auditRejectedRoutes,
  auditRetentionRoutes,
  auditLogRoutes,
  auditRoutes,
  authRoutes,
  communityRoutes,
  controlMRoutes,
  installationRoutes,
  workspaceRoutes,
  type RouteContract,
  type ServiceName,
} from '@guildhall/contracts';
import {
  anyone,
  inCommunity,
  inWorkspace,
  installer,
  may,
  signedIn,
  soloOnly,
  soloOrSignedIn,
  type AccessRule,
} from './core/admission/access-rule.ts';

/** A public route: its shape, the service that answers it, and who may call it. */
export interface PublicRoute {
  readonly contract: RouteContract;
  /** `gateway` answers itself; a `workspace` rule answers from here when the workspace is a solo one. */
  readonly service: ServiceName | 'gateway';
  readonly access: AccessRule;
  /**
   * The service whose view of the shared database must be good, or the request is refused with NOT_CONFIGURED or
   * SHARED_DB_UNAVAILABLE; null: the route works without. With a `workspace` or `solo-or-authenticated` rule it holds for
   * the shared part alone.
   */
  readonly requiresSharedDb: ServiceName | null;
  /** Guesses at a secret are limited by address, tighter than other requests. */
  readonly isSignIn?: true;
}

const behind =
  (service: ServiceName) =>
  (contract: RouteContract, access: AccessRule): PublicRoute => ({ contract, service, access, requiresSharedDb: service });
const auth = behind('auth');
const team = behind('team-resources');
const audit = behind('audit');
const signIn = (contract: RouteContract): PublicRoute => ({ ...auth(contract, anyone), isSignIn: true });
const here = (contract: RouteContract, access: AccessRule): PublicRoute => ({
  contract,
  service: 'gateway',
  access,
  requiresSharedDb: null,
});
/** Its shared part is asked of team-resources. */
const partlyHere = (contract: RouteContract, access: AccessRule): PublicRoute => ({
  ...here(contract, access),
  requiresSharedDb: 'team-resources',
});
const install = (contract: RouteContract): PublicRoute => ({ ...here(contract, installer), isSignIn: true });

const a = authRoutes;
const c = communityRoutes;
const i = installationRoutes;
const w = workspaceRoutes;
const m = controlMRoutes;
const t = auditRoutes;
const l = auditLogRoutes;
const r = auditRejectedRoutes;
const k = auditRetentionRoutes;
const v = auditReadingRoutes;

/** Every public route that a service or the gateway's own store answers. What is not here does not exist. */
export const routeTable: readonly PublicRoute[] = [
  here(i.getInstallation, anyone),
  install(i.testDatabase),
  install(i.configureInstallation),
  install(i.followInstallation),
  install(i.disconnectInstallation),

  signIn(a.register),
  signIn(a.logIn),
  signIn(a.refresh),
  signIn(a.sendCode),
  signIn(a.verifyCode),
  auth(a.getJwks, anyone),
  auth(a.logOut, signedIn),
  auth(a.getMe, signedIn),
  auth(a.updateMe, signedIn),
  auth(a.listSessions, signedIn),
  auth(a.revokeSession, signedIn),
  auth(a.revokeOtherSessions, signedIn),
  auth(a.listRoles, may('role:read')),
  auth(a.assignRole, may('role:assign')),
  auth(a.removeRole, may('role:assign')),

  team(c.listCommunities, signedIn),
  team(c.createCommunity, may('community:create')),
  team(c.getCommunity, inCommunity('community:read')),
  team(c.updateCommunity, inCommunity('community:update')),
  team(c.deleteCommunity, inCommunity('community:delete')),
  team(c.listMembers, inCommunity('member:read')),
  team(c.updateMember, inCommunity('member:update')),
  // Leaving needs no permission, removing someone else does: the service tells the two apart.
  team(c.removeMember, inCommunity('community:read')),
  team(c.listInvites, inCommunity('invite:read')),
  team(c.createInvite, inCommunity('invite:create')),
  team(c.revokeInvite, inCommunity('invite:revoke')),
  team(c.acceptInvite, signedIn),
  team(c.declineInvite, signedIn),

  partlyHere(w.listWorkspaces, soloOrSignedIn),
  here(w.createWorkspace, soloOnly),
  team(w.listCommunityWorkspaces, inCommunity('workspace:read')),
  team(w.createCommunityWorkspace, inCommunity('workspace:create')),
  team(w.getWorkspace, inWorkspace('workspace:read')),
  team(w.updateWorkspace, inWorkspace('workspace:update')),
  team(w.deleteWorkspace, inWorkspace('workspace:delete')),
  team(w.restoreWorkspace, inWorkspace('workspace:delete')),
  team(w.listScripts, inWorkspace('script:read')),
  team(w.createScript, inWorkspace('script:create')),
  team(w.getScript, inWorkspace('script:read')),
  team(w.updateScript, inWorkspace('script:update')),
  team(w.deleteScript, inWorkspace('script:delete')),
  team(w.listScriptVersions, inWorkspace('script:read')),
  team(w.getScriptVersion, inWorkspace('script:read')),

  team(m.listControlMFolders, inWorkspace('control-m:read')),
  team(m.createControlMFolder, inWorkspace('control-m:create')),
  team(m.getControlMFolder, inWorkspace('control-m:read')),
  team(m.updateControlMFolder, inWorkspace('control-m:update')),
  team(m.deleteControlMFolder, inWorkspace('control-m:delete')),

  audit(t.listAuditEvents, may('audit:read')),
  audit(t.getAuditEvent, may('audit:read')),
  audit(t.getAuditStatus, may('audit:read')),
  audit(r.listRejectedEvents, may('audit:read')),
  audit(k.getRetention, may('audit:read')),
  audit(k.setRetention, may('installation:manage')),
  audit(k.redactEvents, may('installation:manage')),
  audit(r.retryRejectedEvent, may('installation:manage')),
  audit(t.listCommunityAuditEvents, inCommunity('community-audit:read')),
  audit(l.getCheckpoint, anyone),
  audit(l.getLogCheckpoint, anyone),
  audit(l.getLogKey, anyone),
  audit(l.getLogTile, anyone),
  audit(l.getLogEntries, may('audit:read')),
  audit(l.getInclusionProof, may('audit:read')),
  audit(l.getConsistencyProof, may('audit:read')),
  audit(v.countAuditEvents, may('audit:read')),
  audit(v.countCommunityAuditEvents, inCommunity('community-audit:read')),
  audit(v.exportAuditEvents, may('audit:read')),
  audit(v.exportCommunityAuditEvents, inCommunity('community-audit:read')),
  audit(v.streamAuditEvents, may('audit:read')),
  audit(v.streamCommunityAuditEvents, inCommunity('community-audit:read')),
];
