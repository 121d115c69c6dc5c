import { createElement, lazy, type ComponentType } from 'react';
import { unreachable } from '../api/problem.ts';
import { match } from '../router/router.ts';
import { screenCame } from '../shell/reload-once.ts';
import { SessionGate } from '../shell/session-gate.tsx';

export interface ScreenParts {
  /** The parameters of its address. */
  readonly params: Readonly<Record<string, string>>;
}

type Screen = ComponentType<ScreenParts>;
type Load = () => Promise<{ readonly Screen: Screen }>;

/** Loads a screen. Throws a ProblemError where its file does not come: the network is away, or another release serves other files. */
const loaded = async (load: Load): Promise<Screen> => {
  try {
    const { Screen: found } = await load();
    screenCame();
    return found;
  } catch {
    throw unreachable();
  }
};

const later = (load: Load): Screen => lazy(async () => ({ default: await loaded(load) }));

/** A screen that wants a session: who has none signs in, in its place. */
const gated = (load: Load): Screen =>
  lazy(async () => {
    const Inner = await loaded(load);
    return { default: (parts: ScreenParts) => createElement(SessionGate, null, createElement(Inner, parts)) };
  });

/** The screens by their addresses. Each is loaded when it is first shown. */
const screens: readonly (readonly [pattern: string, screen: Screen])[] = [
  ['/app', later(() => import('./home/home.tsx'))],
  ['/app/local', later(() => import('./local/local.tsx'))],
  ['/app/setup', later(() => import('./mail-link/setup.tsx'))],
  ['/app/installation', later(() => import('./installation/installation.tsx'))],
  ['/app/sign-in', later(() => import('./sign-in/sign-in.tsx'))],
  ['/app/sign-in/link', later(() => import('./mail-link/sign-in-link.tsx'))],
  ['/app/sign-in/:provider', later(() => import('./provider/provider.tsx'))],
  ['/app/sign-up', later(() => import('./sign-up/sign-up.tsx'))],
  ['/app/reset', later(() => import('./reset/reset.tsx'))],
  ['/app/end-sessions', later(() => import('./mail-link/end-sessions.tsx'))],
  ['/app/workspaces/:workspaceId', later(() => import('./workspace/workspace.tsx'))],
  ['/app/workspaces/:workspaceId/scripts/:scriptId', later(() => import('./script/script.tsx'))],
  ['/app/workspaces/:workspaceId/scripts/:scriptId/history', later(() => import('./script-history/script-history.tsx'))],
  ['/app/workspaces/:workspaceId/control-m', later(() => import('./control-m/control-m.tsx'))],
  ['/app/workspaces/:workspaceId/control-m/import', later(() => import('./control-m-import/control-m-import.tsx'))],
  ['/app/workspaces/:workspaceId/control-m/documents', later(() => import('./control-m-documents/control-m-documents.tsx'))],
  [
    '/app/workspaces/:workspaceId/control-m/documents/:documentId/history',
    later(() => import('./control-m-document-history/control-m-document-history.tsx')),
  ],
  ['/app/workspaces/:workspaceId/control-m/naming-rules', later(() => import('./control-m-rules/control-m-rules.tsx'))],
  ['/app/workspaces/:workspaceId/control-m/jobs', later(() => import('./control-m-jobs/control-m-jobs.tsx'))],
  ['/app/workspaces/:workspaceId/control-m/folders/:folderId', later(() => import('./control-m-folder/control-m-folder.tsx'))],
  [
    '/app/workspaces/:workspaceId/control-m/folders/:folderId/blame',
    later(() => import('./control-m-blame/control-m-blame.tsx')),
  ],
  ['/app/workspaces/:workspaceId/control-m/graph', later(() => import('./control-m-graph/control-m-graph.tsx'))],
  ['/app/workspaces/:workspaceId/control-m/transform', later(() => import('./control-m-transform/control-m-transform.tsx'))],
  [
    '/app/workspaces/:workspaceId/control-m/folders/:folderId/history',
    later(() => import('./control-m-history/control-m-history.tsx')),
  ],
  ['/app/workspaces/:workspaceId/archive', later(() => import('./workspace-archive/workspace-archive.tsx'))],
  ['/app/workspaces/:workspaceId/share', gated(() => import('./workspace-share/workspace-share.tsx'))],
  ['/app/workspaces/:workspaceId/sync', gated(() => import('./workspace-sync/workspace-sync.tsx'))],
  ['/app/workspaces/:workspaceId/conflicts/:conflictId', later(() => import('./sync-conflict/sync-conflict.tsx'))],
  ['/app/system', later(() => import('./system/system.tsx'))],
  ['/app/data', later(() => import('./data/data.tsx'))],
  ['/app/data/:service/:table', later(() => import('./data/data-rows.tsx'))],
  ['/app/audit', gated(() => import('./audit/audit.tsx'))],
  ['/app/audit/blame', gated(() => import('./audit-blame/audit-blame.tsx'))],
  ['/app/audit/retention', gated(() => import('./audit-retention/audit-retention.tsx'))],
  ['/app/audit/rejected', gated(() => import('./audit-rejected/audit-rejected.tsx'))],
  // It asks no server for anything: it works for whoever was handed a receipt.
  ['/app/audit/verify', later(() => import('./audit-verify/audit-verify.tsx'))],
  ['/app/audit/:eventId', gated(() => import('./audit/audit-event.tsx'))],
  ['/app/communities', gated(() => import('./communities/communities.tsx'))],
  ['/app/communities/:communityId', gated(() => import('./community/community.tsx'))],
  ['/app/communities/:communityId/councils', gated(() => import('./councils/councils.tsx'))],
  ['/app/communities/:communityId/councils/:councilId', gated(() => import('./council/council.tsx'))],
  ['/app/communities/:communityId/pools', gated(() => import('./pools/pools.tsx'))],
  ['/app/communities/:communityId/pools/:poolId', gated(() => import('./pool/pool.tsx'))],
  ['/app/communities/:communityId/needs', gated(() => import('./needs/needs.tsx'))],
  ['/app/communities/:communityId/needs/:needId', gated(() => import('./need/need.tsx'))],
  ['/app/communities/:communityId/disputes', gated(() => import('./disputes/disputes.tsx'))],
  ['/app/communities/:communityId/disputes/:disputeId', gated(() => import('./dispute/dispute.tsx'))],
  ['/app/communities/:communityId/trust', gated(() => import('./trust/trust.tsx'))],
  ['/app/communities/:communityId/wealth', gated(() => import('./wealth/wealth.tsx'))],
  ['/app/communities/:communityId/wealth/:wealthId', gated(() => import('./offer/offer.tsx'))],
  ['/app/communities/:communityId/polls', gated(() => import('./polls/polls.tsx'))],
  ['/app/communities/:communityId/polls/:pollId', gated(() => import('./poll/poll.tsx'))],
  ['/app/communities/:communityId/forums', gated(() => import('./forums/forums.tsx'))],
  ['/app/communities/:communityId/forums/:forumId', gated(() => import('./forum/forum.tsx'))],
  ['/app/communities/:communityId/forums/:forumId/threads/:threadId', gated(() => import('./thread/thread.tsx'))],
  ['/app/communities/:communityId/activity', gated(() => import('./activity/activity.tsx'))],
  ['/app/communities/:communityId/roles', gated(() => import('./own-roles/own-roles.tsx'))],
  ['/app/communities/:communityId/roles/:ownRoleId', gated(() => import('./own-role/own-role.tsx'))],
  ['/app/communities/:communityId/audit', gated(() => import('./community-audit/community-audit.tsx'))],
  ['/app/communities/:communityId/blame', gated(() => import('./community-blame/community-blame.tsx'))],
  ['/app/communities/:communityId/settings', gated(() => import('./community-settings/community-settings.tsx'))],
  ['/app/admin', gated(() => import('./admin/admin.tsx'))],
  ['/app/admin/users', gated(() => import('./users/users.tsx'))],
  ['/app/admin/users/:userId', gated(() => import('./user/user.tsx'))],
  ['/app/admin/roles', gated(() => import('./roles/roles.tsx'))],
  ['/app/admin/roles/:role', gated(() => import('./role/role.tsx'))],
  ['/app/admin/service-accounts', gated(() => import('./service-accounts/service-accounts.tsx'))],
  ['/app/admin/service-accounts/:serviceAccountId', gated(() => import('./service-account/service-account.tsx'))],
  ['/docs', later(() => import('./docs/docs.tsx'))],
  ['/app/account', gated(() => import('./account/account.tsx'))],
  ['/app/account/trail', gated(() => import('./own-trail/own-trail.tsx'))],
  ['/app/invite', gated(() => import('./invite/invite.tsx'))],
];

/** The screen of an address; null where there is none. */
export const findScreen = (path: string): { readonly Screen: Screen; readonly params: ScreenParts['params'] } | null => {
  for (const [pattern, Screen] of screens) {
    const params = match(pattern, path);
    if (params !== null) return { Screen, params };
  }
  return null;
};
