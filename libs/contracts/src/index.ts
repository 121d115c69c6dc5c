export * as authRoutes from './routes/auth.ts';
export * as auditLogRoutes from './routes/audit-log.ts';
export * as auditReadingRoutes from './routes/audit-reading.ts';
export * as auditRejectedRoutes from './routes/audit-rejected.ts';
export * as auditRetentionRoutes from './routes/audit-retention.ts';
export * as auditRoutes from './routes/audit.ts';
export * as communityRoutes from './routes/communities.ts';
export * as controlMRoutes from './routes/control-m.ts';
export * as installationRoutes from './routes/installation.ts';
export * as internalRoutes from './routes/internal.ts';
export * as workspaceRoutes from './routes/workspaces.ts';
export type { Me, Role, Session, TokenPair } from './routes/auth.ts';
export type { AuditEvent, AuditStatus } from './routes/audit.ts';
export type { AuditCounts, AuditExportFormat } from './routes/audit-reading.ts';
export type { ConsistencyProof, InclusionProof } from './routes/audit-log.ts';
export type { Community, Invite, Member, NewInvite } from './routes/communities.ts';
export type {
  DatabaseReport,
  Installation,
  InstallationFault,
  InstallationFaultCode,
  InstallationRun,
  InstallationStepName,
  InstallationWarning,
  InstallationWarningCode,
} from './routes/installation.ts';
export type { ControlMFolder, ControlMFolderSummary } from './routes/control-m.ts';
export type { DatabaseState } from './routes/internal.ts';
export type { Script, ScriptSummary, ScriptVersion, ScriptVersionSummary, Workspace } from './routes/workspaces.ts';
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
  eventDestinations,
  actorLimits,
  type Actor,
  type Change,
  type EventKind,
  type OutboxMessage,
} from './events.ts';
export { pageLimitDefault, pageLimitMax, pageOf } from './fields.ts';
export {
  communityPermissions,
  communityRoleMay,
  communityRolePermissions,
  communityRoles,
  communityRolesWith,
  globalPermissions,
  globalRolePermissions,
  globalRoles,
  ranksAtLeast,
  type CommunityPermission,
  type CommunityRole,
  type GlobalPermission,
  type GlobalRole,
} from './permissions.ts';
export { Problem } from './problem.ts';
export { commonErrors, route, type HttpMethod, type RouteContract } from './route.ts';
export { serviceNames, serviceSchemas, type CallerName, type ServiceName } from './service-names.ts';
