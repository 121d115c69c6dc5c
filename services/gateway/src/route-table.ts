import {
  activityRoutes,
  changeRoutes,
  auditBlameRoutes,
  auditLogRoutes,
  auditReadingRoutes,
  auditRejectedRoutes,
  auditRetentionRoutes,
  auditRoutes,
  authRoutes,
  codeRoutes,
  connectionRoutes,
  communityPermissionRoutes,
  communityRoutes,
  controlMDocumentRoutes,
  controlMJobRoutes,
  controlMNamingRuleRoutes,
  controlMStoredDocumentRoutes,
  controlMTransformRoutes,
  controlMRoutes,
  dataRoutes,
  disputeRoutes,
  emailChangeRoutes,
  councilRoutes,
  ownRoleRoutes,
  ownTrailRoutes,
  forumRoutes,
  installationRoutes,
  inboxRoutes,
  inviteRoutes,
  memberRoutes,
  metricRoutes,
  passkeyEnrolmentRoutes,
  passkeyRoutes,
  passkeySignInRoutes,
  passwordRoutes,
  personalTokenRoutes,
  pollRoutes,
  providerSignInRoutes,
  postRoutes,
  needRoutes,
  poolRoutes,
  registrationRoutes,
  permissionRoutes,
  roleRoutes,
  secondFactorRoutes,
  secondStepRoutes,
  serviceAccountRoutes,
  sessionsLinkRoutes,
  scriptRoutes,
  sharingRoutes,
  systemRoutes,
  trustRoutes,
  wealthRequestRoutes,
  wealthRoutes,
  threadRoutes,
  userRoutes,
  versionRoutes,
  workspaceArchiveRoutes,
  workspaceRoutes,
  syncConflictRoutes,
  workspaceSyncReadingRoutes,
  workspaceSyncRoutes,
  type ServiceName,
} from '@guildhall/contracts';
import type { RouteRateLimit } from './core/admission/admit.ts';
import {
  forInstallers,
  forUsers,
  inCommunity,
  inWorkspace,
  open,
  solo,
  soloAndForUsers,
  soloOrForUsers,
  soloOrWithPermission,
  withPermission,
  type ScopedRoute,
} from './core/admission/scopes.ts';

/** A public route: its contract, the service that answers it, and who may call it. */
export interface PublicRoute extends ScopedRoute {
  /** `gateway` answers itself; a `workspace` rule answers from here when the workspace is a solo one. */
  readonly service: ServiceName | 'gateway';
  /**
   * The service whose view of the shared database must be good, or the request is refused with NOT_CONFIGURED or
   * SHARED_DB_UNAVAILABLE; null: the route works without. With a `workspace` or `solo-or-authenticated` rule it holds for
   * the shared part alone.
   */
  readonly requiresSharedDb: ServiceName | null;
  /** `request` where not said. */
  readonly rateLimit?: RouteRateLimit;
}

const answeredBy = (service: ServiceName, routes: readonly ScopedRoute[]): readonly PublicRoute[] =>
  routes.map((route) => ({ ...route, service, requiresSharedDb: service }));

/** Routes that the gateway answers; `requiresSharedDb` is the service that is asked for a shared part. */
const answeredHere = (routes: readonly ScopedRoute[], requiresSharedDb: ServiceName | null = null): readonly PublicRoute[] =>
  routes.map((route) => ({ ...route, service: 'gateway', requiresSharedDb }));

const limitedAs = (rateLimit: RouteRateLimit, routes: readonly PublicRoute[]): readonly PublicRoute[] =>
  routes.map((route) => ({ ...route, rateLimit }));

const { getInstallation, ...changingInstallation } = installationRoutes;
const { logIn, refresh, getJwks, ...ofAccount } = authRoutes;
const { getAuthMethods, ...registering } = registrationRoutes;
const { changePassword, ...resetting } = passwordRoutes;
const { listCommunities, createCommunity, restoreCommunity, ...ofCommunity } = communityRoutes;
const { acceptInvite, declineInvite, listMyInvites, lookAtInvite, ...ofCommunityInvites } = inviteRoutes;
const { listWorkspaces, createWorkspace, listCommunityWorkspaces, createCommunityWorkspace, ...ofWorkspace } = workspaceRoutes;
const { listCommunityAuditEvents, ...ofTrail } = auditRoutes;
const { getAuditBlame, getCommunityAuditBlame } = auditBlameRoutes;
const { countCommunityAuditEvents, exportCommunityAuditEvents, streamCommunityAuditEvents, ...readingTrail } = auditReadingRoutes;
const { getAuditLogEntries, getAuditEventProof, getAuditEventReceipt, getAuditConsistency, ...openLog } = auditLogRoutes;

/**
 * The route table: every public route that a service or the gateway's own store answers. A route that is not in it does not
 * exist.
 */
export const routeTable: readonly PublicRoute[] = [
  ...answeredHere(open({ getInstallation, ...versionRoutes })),
  ...answeredHere(soloOrWithPermission({ ...systemRoutes, ...dataRoutes })),
  ...limitedAs('installation', answeredHere(forInstallers(changingInstallation))),
  ...limitedAs(
    'sign-in',
    answeredBy(
      'auth',
      open({
        logIn,
        ...registering,
        ...codeRoutes,
        ...providerSignInRoutes,
        ...passkeySignInRoutes,
        ...passkeyEnrolmentRoutes,
        ...secondStepRoutes,
        ...sessionsLinkRoutes,
        ...resetting,
      }),
    ),
  ),
  ...limitedAs('refresh', answeredBy('auth', open({ refresh }))),
  ...answeredBy('auth', [
    ...open({ getJwks, getAuthMethods }),
    ...forUsers({ changePassword, ...ofAccount }),
    ...forUsers(emailChangeRoutes),
    ...forUsers(secondFactorRoutes),
    ...forUsers(connectionRoutes),
    ...forUsers(passkeyRoutes),
    ...forUsers(personalTokenRoutes),
    ...withPermission(roleRoutes),
    ...withPermission(permissionRoutes),
    ...withPermission(userRoutes),
    ...withPermission(serviceAccountRoutes),
  ]),
  ...answeredBy('team-resources', [
    ...forUsers({ listCommunities, restoreCommunity, acceptInvite, declineInvite, listMyInvites, lookAtInvite }),
    ...forUsers(inboxRoutes),
    ...forUsers(changeRoutes),
    ...withPermission({ createCommunity }),
    ...inCommunity(ofCommunity),
    ...inCommunity(activityRoutes),
    ...inCommunity(communityPermissionRoutes),
    ...inCommunity(memberRoutes),
    ...inCommunity(metricRoutes),
    ...inCommunity(ownRoleRoutes),
    ...inCommunity(councilRoutes),
    ...inCommunity(ofCommunityInvites),
    ...inCommunity(pollRoutes),
    ...inCommunity(trustRoutes),
    ...inCommunity(needRoutes),
    ...inCommunity(poolRoutes),
    ...inCommunity(disputeRoutes),
    ...inCommunity(wealthRoutes),
    ...inCommunity(wealthRequestRoutes),
    ...inCommunity(forumRoutes),
    ...inCommunity(threadRoutes),
    ...inCommunity(postRoutes),
    ...inCommunity({ listCommunityWorkspaces, createCommunityWorkspace }),
    ...inWorkspace(ofWorkspace),
    ...inWorkspace(scriptRoutes),
    ...inWorkspace(controlMRoutes),
    ...inWorkspace(controlMDocumentRoutes),
    ...inWorkspace(controlMStoredDocumentRoutes),
    ...inWorkspace(controlMJobRoutes),
    ...inWorkspace(controlMNamingRuleRoutes),
    ...inWorkspace(controlMTransformRoutes),
    ...inWorkspace(workspaceArchiveRoutes),
  ]),
  ...answeredHere(soloOrForUsers({ listWorkspaces }), 'team-resources'),
  ...answeredHere(solo({ createWorkspace })),
  ...answeredHere(soloAndForUsers(sharingRoutes)),
  ...answeredHere(soloAndForUsers(workspaceSyncRoutes)),
  ...answeredHere(solo(workspaceSyncReadingRoutes)),
  ...answeredHere(solo(syncConflictRoutes)),
  ...answeredBy('audit', [
    ...withPermission(ofTrail),
    ...forUsers(ownTrailRoutes),
    ...withPermission({ getAuditBlame }),
    ...withPermission(auditRejectedRoutes),
    ...withPermission(auditRetentionRoutes),
    ...withPermission(readingTrail),
    ...withPermission({ getAuditLogEntries, getAuditEventProof, getAuditEventReceipt, getAuditConsistency }),
    ...open(openLog),
    ...inCommunity({
      listCommunityAuditEvents,
      getCommunityAuditBlame,
      countCommunityAuditEvents,
      exportCommunityAuditEvents,
      streamCommunityAuditEvents,
    }),
  ]),
];
