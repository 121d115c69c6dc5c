// Generated from schema.sql by `make generate`.
import { table, type Json } from '@guildhall/db';

export const activities = table<{
  readonly action: string;
  readonly communityId: string;
  readonly createdAt: string;
  readonly id: string;
  readonly isContribution: boolean;
  readonly isShown: boolean;
  readonly occurredAt: string;
  readonly resourceId: string;
  readonly resourceName: string | null;
  readonly resourceType: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const appUsers = table<{
  readonly createdAt: string;
  readonly displayName: string;
  readonly erasedAt: string | null;
  readonly id: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const communities = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly dashboardRefreshInterval: number;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly disputeHandlingCouncils: Json;
  readonly id: string;
  readonly metricVisibilitySettings: Json;
  readonly minTrustForWealth: Json;
  readonly minTrustToAwardTrust: Json;
  readonly name: string;
  readonly nonContributionThresholdDays: number;
  readonly pollCreatorUsers: Json;
  readonly trustTitles: Json;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const communityMetrics = table<{
  readonly communityId: string;
  readonly computedAt: string;
  readonly createdAt: string;
  readonly figures: Json;
  readonly id: string;
  readonly period: string;
  readonly updatedAt: string;
}>();

export const controlMDocumentVersions = table<{
  readonly controlMDocumentId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly folders: string;
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly restoredFrom: number | null;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly source: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const controlMDocuments = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly folders: string;
  readonly id: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly source: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly workspaceId: string;
}>();

export const controlMFolderVersions = table<{
  readonly controlMFolderId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly definition: string;
  readonly id: string;
  readonly jobCount: number;
  readonly name: string;
  readonly note: string;
  readonly restoredFrom: number | null;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const controlMFolders = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly definition: string;
  readonly deletedAt: string | null;
  readonly id: string;
  readonly jobCount: number;
  readonly name: string;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly updatedAt: string;
  readonly version: number;
  readonly workspaceId: string;
}>();

export const councils = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const disputes = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly reason: string;
  readonly resolution: string | null;
  readonly resolvedBy: string | null;
  readonly status: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly wealthRequestId: string;
}>();

export const forumPosts = table<{
  readonly content: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly deletedBy: string | null;
  readonly deletionReason: string | null;
  readonly forumThreadId: string;
  readonly id: string;
  readonly number: number;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const forumReads = table<{
  readonly createdAt: string;
  readonly forumThreadId: string;
  readonly id: string;
  readonly lastReadNumber: number;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const forumThreads = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly deletedBy: string | null;
  readonly forumId: string;
  readonly id: string;
  readonly lastPostAt: string;
  readonly lastPostNumber: number;
  readonly title: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const forums = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const idempotencyKeys = table<{
  readonly answer: Json | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly key: string;
  readonly principalId: string;
  readonly requestHash: string;
  readonly updatedAt: string;
}>();

export const inboxEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly kind: string;
  readonly updatedAt: string;
}>();

export const invites = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly declinedAt: string | null;
  readonly delivery: string;
  readonly email: string | null;
  readonly expiresAt: string;
  readonly id: string;
  readonly mailRequestId: string | null;
  readonly mailsRequested: number;
  readonly ownRoleId: string | null;
  readonly resentAt: string | null;
  readonly revokedAt: string | null;
  readonly role: string;
  readonly storedAt: string;
  readonly tokenHash: string;
  readonly updatedAt: string;
  readonly usesLeft: number;
}>();

export const needs = table<{
  readonly communityId: string;
  readonly councilId: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly intervalDays: number | null;
  readonly isOfCommunity: boolean;
  readonly metAt: string | null;
  readonly quantity: number;
  readonly reopensAt: string | null;
  readonly status: string;
  readonly timesMet: number;
  readonly title: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly wealthId: string | null;
}>();

export const outboxEvents = table<{
  readonly attempts: number;
  readonly availableAt: string;
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
  readonly createdAt: string;
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: Json;
  readonly publishedAt: string | null;
  readonly shard: number;
  readonly traceparent: string | null;
  readonly updatedAt: string;
}>();

export const ownRoles = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly rank: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const pollBallots = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly optionNumbers: readonly number[];
  readonly pollElectorId: string;
  readonly pollId: string;
  readonly updatedAt: string;
}>();

export const pollElectors = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly pollId: string;
  readonly updatedAt: string;
  readonly userId: string;
}>();

export const pollOptions = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly number: number;
  readonly pollId: string;
  readonly text: string;
  readonly updatedAt: string;
}>();

export const polls = table<{
  readonly choice: string;
  readonly closedAt: string | null;
  readonly closesAt: string | null;
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly electorCount: number;
  readonly id: string;
  readonly question: string;
  readonly resultsVisible: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const poolContributions = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly kind: string;
  readonly note: string;
  readonly poolId: string;
  readonly quantity: number;
  readonly updatedAt: string;
}>();

export const pools = table<{
  readonly communityId: string;
  readonly councilId: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly holding: number;
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const rejectedEvents = table<{
  readonly createdAt: string;
  readonly id: string;
  readonly raw: Json;
  readonly reason: string;
  readonly updatedAt: string;
}>();

export const resourceMemberships = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly joinedAt: string;
  readonly ownRoleId: string | null;
  readonly removedAt: string | null;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly role: string;
  readonly updatedAt: string;
  readonly userId: string;
  readonly version: number;
}>();

export const scriptVersions = table<{
  readonly content: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly language: string;
  readonly name: string;
  readonly note: string;
  readonly restoredFrom: number | null;
  readonly scriptId: string;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const scripts = table<{
  readonly content: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly language: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
  readonly tags: Json;
  readonly updatedAt: string;
  readonly version: number;
  readonly workspaceId: string;
}>();

export const trustAwards = table<{
  readonly awardedAt: string;
  readonly communityId: string;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly fromUserId: string;
  readonly id: string;
  readonly toUserId: string;
  readonly updatedAt: string;
}>();

export const trustGrants = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly grantedAt: string;
  readonly grantedBy: string;
  readonly id: string;
  readonly points: number;
  readonly reason: string;
  readonly updatedAt: string;
  readonly userId: string;
  readonly version: number;
}>();

export const wealth = table<{
  readonly category: string | null;
  readonly communityId: string;
  readonly councilId: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly expiresAt: string | null;
  readonly id: string;
  readonly minTrustRequired: number;
  readonly poolId: string | null;
  readonly quantity: number | null;
  readonly quantityFulfilled: number;
  readonly quantityTaken: number;
  readonly status: string;
  readonly title: string;
  readonly type: string;
  readonly updatedAt: string;
  readonly version: number;
}>();

export const wealthRequests = table<{
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly note: string;
  readonly quantity: number;
  readonly status: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly wealthId: string;
}>();

export const workspaceImports = table<{
  readonly completedAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly id: string;
  readonly sha256: string | null;
  readonly updatedAt: string;
  readonly workspaceId: string;
}>();

export const workspaces = table<{
  readonly communityId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly deletedAt: string | null;
  readonly description: string;
  readonly id: string;
  readonly name: string;
  readonly namingRules: Json;
  readonly updatedAt: string;
  readonly version: number;
}>();
