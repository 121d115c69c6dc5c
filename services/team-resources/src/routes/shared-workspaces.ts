import { AppError } from '@guildhall/errors';
import { callerOf } from '@guildhall/http';
import type { ContextParts, SignedInCaller } from '@guildhall/resources';
import { sharedEndpoints, type WorkspaceParts, type WorkspaceStore } from '@guildhall/workspaces';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface SharedWorkspaceRouteParts extends ContextParts, Pick<WorkspaceParts, 'analyse' | 'compareTexts'> {
  readonly stores: { readonly workspaces: WorkspaceStore };
}

const callerOfRequest = ({ principal }: FastifyRequest): SignedInCaller => {
  if (principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return callerOf(principal);
};

export const addSharedWorkspaceRoutes = (app: FastifyInstance, parts: SharedWorkspaceRouteParts): void => {
  for (const endpoint of sharedEndpoints({ ...parts, store: parts.stores.workspaces })) {
    endpoint.register(app, { access: { kind: 'principal' }, callerOf: callerOfRequest });
  }
};
