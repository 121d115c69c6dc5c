import { addDataRoutes } from '@guildhall/data-browser/routes';
import { addDatabaseRoutes, type DatabaseLink, type ReadQueues } from '@guildhall/database-link';
import { createServiceServer, type RoutePartsOf } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { addActivityRoutes } from './routes/activities.ts';
import { addChangeRoutes } from './routes/changes.ts';
import { addCommunityRoutes } from './routes/communities.ts';
import { addCommunityPermissionRoutes } from './routes/community-permissions.ts';
import { addCouncilRoutes } from './routes/councils.ts';
import { addOwnRoleRoutes } from './routes/own-roles.ts';
import { addForumRoutes } from './routes/forums.ts';
import { addInboxRoutes } from './routes/inbox.ts';
import { addInternalRoutes } from './routes/internal.ts';
import { addInviteRoutes } from './routes/invites.ts';
import { addMemberRoutes } from './routes/members.ts';
import { addMetricRoutes } from './routes/metrics.ts';
import { addPollRoutes } from './routes/polls.ts';
import { addPostRoutes } from './routes/posts.ts';
import { addDisputeRoutes } from './routes/disputes.ts';
import { addNeedRoutes } from './routes/needs.ts';
import { addPoolRoutes } from './routes/pools.ts';
import { addSharedWorkspaceRoutes } from './routes/shared-workspaces.ts';
import { addWorkspaceImportRoutes } from './routes/workspace-imports.ts';
import { addWorkspaceSyncRoutes } from './routes/workspace-sync.ts';
import { addTrustRoutes } from './routes/trust.ts';
import { addWealthRoutes } from './routes/wealth.ts';
import { addThreadRoutes } from './routes/threads.ts';

const nouns = [
  addActivityRoutes,
  addChangeRoutes,
  addCommunityRoutes,
  addCommunityPermissionRoutes,
  addCouncilRoutes,
  addOwnRoleRoutes,
  addMemberRoutes,
  addMetricRoutes,
  addInboxRoutes,
  addInviteRoutes,
  addPollRoutes,
  addNeedRoutes,
  addPoolRoutes,
  addDisputeRoutes,
  addSharedWorkspaceRoutes,
  addWorkspaceImportRoutes,
  addWorkspaceSyncRoutes,
  addTrustRoutes,
  addWealthRoutes,
  addForumRoutes,
  addThreadRoutes,
  addPostRoutes,
  addInternalRoutes,
  addDataRoutes,
];

export type AppParts = Parameters<typeof createServiceServer>[0] &
  RoutePartsOf<typeof nouns> & { readonly databaseLink: DatabaseLink; readonly readQueues: ReadQueues };

/** The HTTP surface of team-resources. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const app = createServiceServer(parts);
  for (const add of nouns) add(app, parts);
  addDatabaseRoutes(app, parts.databaseLink, parts.readQueues);
  return app;
};
