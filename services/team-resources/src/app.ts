import { addDatabaseRoutes, type Attachment } from '@guildhall/attachment';
import { AppError } from '@guildhall/errors';
import { createServiceServer, type Logger, type Metrics, type Readiness } from '@guildhall/http';
import type { InternalVerifier } from '@guildhall/principal';
import { sharedEndpoints, type WorkspaceStore } from '@guildhall/workspaces';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from './routes/ask.ts';
import { addCommunityRoutes, type CommunityRouteParts } from './routes/communities.ts';
import { addInternalRoutes, type InternalRouteParts } from './routes/internal.ts';
import { addInviteRoutes, type InviteRouteParts } from './routes/invites.ts';
import { addMemberRoutes, type MemberRouteParts } from './routes/members.ts';

export interface TeamAppParts extends CommunityRouteParts, MemberRouteParts, InviteRouteParts, InternalRouteParts {
  readonly attachment: Attachment;
  readonly workspaces: WorkspaceStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: () => Readiness;
  readonly verifier: InternalVerifier;
}

/** The HTTP surface of team-resources. */
export const createTeamApp = (parts: TeamAppParts): FastifyInstance => {
  const app = createServiceServer(parts);
  addCommunityRoutes(app, parts);
  addMemberRoutes(app, parts);
  addInviteRoutes(app, parts);
  for (const endpoint of sharedEndpoints({ ...parts, store: parts.workspaces })) {
    endpoint.register(app, { access: 'principal', callerOf: callerOfRequest });
  }
  addInternalRoutes(app, parts);
  addDatabaseRoutes(app, parts.attachment);
  return app;
};

const callerOfRequest = ({ principal }: FastifyRequest) => {
  if (principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return callerOf(principal);
};
