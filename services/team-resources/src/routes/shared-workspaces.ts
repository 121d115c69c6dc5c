import { AppError } from '@guildhall/errors';
import { callerOf, type Identified } from '@guildhall/http';
import type { ContextParts, SignedInCaller } from '@guildhall/resources';
import { sharedEndpoints, type WorkspaceParts, type WorkspaceStore } from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';

export interface SharedWorkspaceRouteParts extends ContextParts, Pick<WorkspaceParts, 'analyse' | 'compareTexts'> {
  readonly stores: { readonly workspaces: WorkspaceStore };
}

const callerOfIdentified = ({ principal }: Identified): SignedInCaller => {
  if (principal === null) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  return callerOf(principal);
};

export const addSharedWorkspaceRoutes = (app: FastifyInstance, parts: SharedWorkspaceRouteParts): void => {
  for (const endpoint of sharedEndpoints({ ...parts, store: parts.stores.workspaces })) {
    endpoint.register(app, { access: { kind: 'principal' }, callerOf: callerOfIdentified, callerOfIdentified });
  }
};
