export {
  columnClasses,
  dataFiltersMax,
  dataOperators,
  dataRoutes,
  type ColumnClass,
  type DataOperator,
  type DataRow,
  type DataTable,
  type DataTables,
} from './routes/data.ts';
export { activityRoutes, type Activity } from './routes/activities.ts';
export { auditBlameRoutes, blamedRemovalsMax, type AuditBlame } from './routes/audit-blame.ts';
export { auditLogRoutes, type ConsistencyProof, type InclusionProof } from './routes/audit-log.ts';
export {
  auditReadingRoutes,
  countedDaysMax,
  countedEventsMax,
  type AuditCounts,
  type AuditExportFormat,
} from './routes/audit-reading.ts';
export { auditRejectedRoutes } from './routes/audit-rejected.ts';
export { auditRetentionRoutes } from './routes/audit-retention.ts';
export { auditFaults, auditRoutes, type AlteredEvent, type AuditEvent, type AuditStatus } from './routes/audit.ts';
export { logFaultsMax, type LogFault } from './routes/audit.ts';
export { authRoutes, DisplayName, jwksCacheSecondsMax, type Session, type TokenPair } from './routes/auth.ts';
export type { Me } from './me.ts';
export { type ChangeImpact, type MemberImpact, type Unreachable } from './routes/change-impact.ts';
export {
  communityAbilities,
  communityPermissionRoutes,
  communityRights,
  type CommunityAbility,
  type CommunityRight,
  type OwnPermissions,
  type PermissionExplanation,
} from './routes/community-permissions.ts';
export {
  defaultCommunitySettings,
  trustScoreMax,
  type CommunityMetric,
  type CommunitySettings,
  type CommunitySettingsEdit,
  type TrustThreshold,
} from './routes/community-settings.ts';
export { changeRoutes } from './routes/changes.ts';
export { communityRoutes, type Community } from './routes/communities.ts';
export {
  controlMRoutes,
  definitionBytesMax,
  definitionNestingMax,
  jobsPerFolderMax,
  FolderName,
  type ControlMFolder,
  type ControlMFolderSummary,
  type ControlMFolderVersionSummary,
} from './routes/control-m.ts';
export { type ControlMImpact } from './routes/control-m-impact.ts';
export { controlMJobRoutes, graphNodesMax, type ControlMLink } from './routes/control-m-jobs.ts';
export {
  controlMDocumentRoutes,
  documentCharactersMax,
  DocumentText,
  documentsPerImportMax,
  foldersPerImportMax,
  findingsMax,
  workspaceDefinitionBytesMax,
  type ControlMImport,
} from './routes/control-m-documents.ts';
export {
  controlMStoredDocumentRoutes,
  type ControlMDocumentSummary,
  type ControlMDocumentVersionSummary,
} from './routes/control-m-stored-documents.ts';
export { controlMNamingRuleRoutes, ControlMNamingRules, type ControlMNamingRule } from './routes/control-m-naming-rules.ts';
export { controlMTransformRoutes, descriptorCharactersMax, descriptorRulesMax } from './routes/control-m-transform.ts';
export { councilRoutes, type Council, type CouncilMember } from './routes/councils.ts';
export { type LineDiff } from './routes/document-versions.ts';
export { forumRoutes, type Forum, type ForumSummary } from './routes/forums.ts';
export {
  installationSteps,
  type DatabaseReport,
  type Installation,
  type InstallationFault,
  type InstallationFaultCode,
  type InstallationRun,
  type InstallationStepName,
  type InstallationWarning,
  type InstallationWarningCode,
} from './routes/installation-state.ts';
export { installationRoutes } from './routes/installation.ts';
export { release } from './release.ts';
export { versionRoutes, type Version } from './routes/version.ts';
export * as internalRoutes from './routes/internal.ts';
export { auditRepairs, plantedRowsMax, type AuditLogRepair, type AuditLogRepairRequest } from './routes/audit-repairs.ts';
export type { DatabaseState, ListedUser } from './routes/internal.ts';
export { inboxRoutes, type InboxItem } from './routes/inbox.ts';
export { inviteDeliveries, inviteRoutes, type Invite, type InviteView, type MyInvite, type NewInvite } from './routes/invites.ts';
export { codeRoutes } from './routes/codes.ts';
export { secondFactorRoutes, secondStepRoutes } from './routes/second-factor.ts';
export { sessionsLinkRoutes } from './routes/sessions-link.ts';
export { memberRoutes, type Member } from './routes/members.ts';
export { metricRoutes, type CommunityMetrics, type MetricPeriod } from './routes/metrics.ts';
export { passwordRoutes } from './routes/passwords.ts';
export type { Ballot, Poll, PollResult, PollSummary } from './routes/poll-shapes.ts';
export { pollRoutes } from './routes/polls.ts';
export { postRoutes, type Post, type PostSummary } from './routes/posts.ts';
export { disputeRoutes, type Dispute, type DisputeSort } from './routes/disputes.ts';
export { needRoutes, type Need, type NeedSort } from './routes/needs.ts';
export { emailChangeRoutes } from './routes/email-change.ts';
export { ownTrailRoutes } from './routes/own-trail.ts';
export { poolRoutes, type Pool, type PoolContribution } from './routes/pools.ts';
export { registrationRoutes, type AuthMethods } from './routes/registration.ts';
export {
  permissionRoutes,
  type GlobalPermissionExplanation,
  type PermissionMatrix,
  type Permissions,
} from './routes/permissions.ts';
export type { RoleImpact } from './routes/role-impact.ts';
export { globalRolesMax, roleRoutes, type Role } from './routes/roles.ts';
export {
  archiveBytesMax,
  archiveFilesMax,
  archiveManifestName,
  archiveVersionsMax,
  workspaceArchiveRoutes,
  WorkspaceManifest,
  type WorkspaceImport,
} from './routes/workspace-archive.ts';
export { type ScriptImpact } from './routes/script-impact.ts';
export {
  bytesPerSearchPageMax,
  Content as ScriptContent,
  scriptContentCharactersMax,
  scriptsPerSearchPageMax,
} from './routes/script-fields.ts';
export { connectionRoutes, providerSignInRoutes, type Connection } from './routes/oauth.ts';
export {
  passkeyRoutes,
  passkeySignInRoutes,
  type CreatedCredential,
  type Passkey,
  type PasskeyCreation,
  type UsedCredential,
} from './routes/passkeys.ts';
export { passkeyEnrolmentRoutes } from './routes/passkey-enrolment.ts';
export { serviceAccountRoutes, type ServiceAccount } from './routes/service-accounts.ts';
export { personalTokenRoutes, tokenRefusals, type PersonalToken } from './routes/personal-tokens.ts';
export type { ProcessState } from './routes/internal-system.ts';
export {
  systemRoutes,
  type MigrationRecord,
  type SchemaMigrations,
  type ServiceQueue,
  type ServiceReport,
  type SigningKeyState,
  type SystemMigrations,
  type SystemServices,
} from './routes/system.ts';
export { tokenMayCall, tokenPermissions } from './token-permissions.ts';
export { userRoutes, type User } from './routes/users.ts';
export {
  uploadEncodings,
  scriptRoutes,
  type Script,
  type ScriptSummary,
  type ScriptVersion,
  type ScriptVersionSummary,
} from './routes/scripts.ts';
export { trustRoutes, type TrustAward, type TrustGrant, type TrustGraph, type TrustScore } from './routes/trust.ts';
export { wealthRequestRoutes, type WealthRequest, type WealthRequestStatus } from './routes/wealth-requests.ts';
export { wealthRoutes, type Wealth, type WealthSort } from './routes/wealth.ts';
export { threadRoutes, type ReadMark, type Thread, type ThreadSummary } from './routes/threads.ts';
export { syncConflictRoutes } from './routes/sync-conflicts.ts';
export { syncedRowsMax, workspaceSyncReadingRoutes, workspaceSyncRoutes, type WorkspaceSync } from './routes/workspace-syncs.ts';
export { workspaceRoutes, type Workspace } from './routes/workspaces.ts';
export {
  defaultPairs,
  domainMap,
  typePairs,
  type ColumnDefault,
  type ColumnKind,
  type DomainColumn,
  type DomainIndex,
  type DomainReference,
  type DomainTable,
} from './domain-map.ts';
export {
  AuditEventMessage,
  AuditPayload,
  UserChangedMessage,
  UserChangedPayload,
  InviteMailMessage,
  InviteMailPayload,
  InviteMailSettledMessage,
  InviteMailSettledPayload,
  accountStatuses,
  mailOutcomes,
  eventDestinations,
  eventWriters,
  actorLimits,
  type Actor,
  type Change,
  type EventKind,
  type MailOutcome,
  type OutboxMessage,
} from './events.ts';
export type { AccessRule, InternalAccessRule, PublicAccessRule } from './access-rule.ts';
export { errorsOf, repeatedErrorsOf, type AccessScope, type ServedAs } from './errors-of.ts';
export { exampleAnswerOf, exampleBodyOf, exampleOf, exampleParamsOf } from './examples.ts';
export { Email, pageLimitDefault, pageLimitMax, pageOf } from './fields.ts';
export { patternMessages } from './patterns.ts';
export {
  communityPermissions,
  communityRoleMay,
  communityRolePermissions,
  communityRoles,
  communityRolesWith,
  globalPermissions,
  globalRolePermissions,
  globalRoles,
  grantableCommunityPermissions,
  heldRoleOf,
  includesRole,
  rankOfPermissions,
  roleText,
  type HeldRole,
  type CommunityPermission,
  type CommunityRole,
  type GlobalPermission,
  type GlobalRole,
} from './permissions.ts';
export { Problem } from './problem.ts';
export {
  bodyBytesMaxDefault,
  bodyBytesMaxOf,
  group,
  idempotencyKeyHours,
  route,
  type AuditSubject,
  type HttpMethod,
  type PublicContract,
  type RouteContract,
} from './route.ts';
export { serviceNames, serviceSchemas, type CallerName, type ServiceName } from './service-names.ts';
export { ownRoleRoutes, ownRolesMax, type HeldOwnRole, type OwnRole } from './routes/own-roles.ts';
export type { AnswerBodyOf, RequestOf } from './client-types.ts';
export { ownSettings, roleSettings, settingNames, sharedSettings, type SettingGroup } from './settings.ts';
export * from './carried-workspaces.ts';
