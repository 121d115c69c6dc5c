import { addDatabaseRoutes, type Attachment } from '@guildhall/attachment';
import { createServiceServer } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { addCommunityRoutes, type CommunityRouteParts } from './routes/communities.ts';
import { addInternalRoutes, type InternalRouteParts } from './routes/internal.ts';
import { addInviteRoutes, type InviteRouteParts } from './routes/invites.ts';
import { addMemberRoutes, type MemberRouteParts } from './routes/members.ts';
import { addSharedWorkspaceRoutes, type SharedWorkspaceRouteParts } from './routes/shared-workspaces.ts';

const nouns = [addCommunityRoutes, addMemberRoutes, addInviteRoutes, addSharedWorkspaceRoutes, addInternalRoutes];

type NounParts = CommunityRouteParts & MemberRouteParts & InviteRouteParts & SharedWorkspaceRouteParts & InternalRouteParts;

export type AppParts = Parameters<typeof createServiceServer>[0] & NounParts & { readonly attachment: Attachment };

/** The HTTP surface of team-resources. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const app = createServiceServer(parts);
  for (const add of nouns) add(app, parts);
  addDatabaseRoutes(app, parts.attachment);
  return app;
};
