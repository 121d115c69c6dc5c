import { isAppError, statusOf, AppError } from '@guildhall/errors';
import { pageLimitDefault, workspaceRoutes } from '@guildhall/contracts';
import type { Handler } from '@guildhall/http';
import { pageOfWorkspaces, type WorkspaceParts } from '@guildhall/workspaces';
import { cursorOf, type PageQuery } from '@guildhall/resources';
import type { FastifyRequest } from 'fastify';
import { signedIn } from '../core/admission/access-rule.ts';
import { admit, type AdmissionParts, type Admitted } from '../core/admission/admit.ts';
import type { Availability } from '../core/availability/availability.ts';
import { mergePages, type Page } from '../core/merge-pages.ts';
import type { IsLocal } from './local.ts';
import { bearerToken, admissionRequestOf } from './admission-request.ts';

export interface WorkspaceListParts {
  readonly solo: Pick<WorkspaceParts, 'store'>;
  readonly isLocal: IsLocal;
  readonly sharedAvailability: () => Availability;
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
  /** The shared part of the caller's list. Throws what team-resources answers. */
  readonly listShared: (request: FastifyRequest, admitted: Admitted, query: PageQuery) => Promise<Page>;
}

type ListRoute = typeof workspaceRoutes.listWorkspaces;
type Query = Parameters<Handler<ListRoute>>[0]['query'];

interface SharedPart {
  readonly page: Page | null;
  readonly shared: {
    readonly status: 'included' | 'not_asked' | 'signed_out' | 'not_configured' | 'unavailable';
    readonly detail?: string;
  };
}

/** Lists solo and shared workspaces as one. If the shared part cannot be read, the answer has the solo part and the reason. */
export const createWorkspaceList =
  (parts: WorkspaceListParts): Handler<ListRoute, FastifyRequest> =>
  async ({ caller: request, query }) => {
    const isLocal = parts.isLocal(request);
    const hasToken = bearerToken(request.headers.authorization) !== undefined;
    if (!isLocal && !hasToken) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
    const { page, shared } = await readShared(parts, request, query, isLocal && hasToken);
    const solo = isLocal && query.mode !== 'shared' ? await pageOfWorkspaces(parts.solo.store, 'solo', query) : null;
    const pages = [solo, page].filter((part) => part !== null);
    return { body: { ...mergePages(pages, query.limit ?? pageLimitDefault, cursorOf), shared } };
  };

/** Reads the shared part. `canDoWithout`: an unavailable shared part is described in the answer instead of thrown. */
const readShared = async (
  parts: WorkspaceListParts,
  request: FastifyRequest,
  query: Query,
  canDoWithout: boolean,
): Promise<SharedPart> => {
  if (query.mode === 'solo') return { page: null, shared: { status: 'not_asked' } };
  if (bearerToken(request.headers.authorization) === undefined) {
    const isConfigured = parts.sharedAvailability().status !== 'not_configured';
    return { page: null, shared: { status: isConfigured ? 'signed_out' : 'not_configured' } };
  }
  try {
    const route = {
      contract: workspaceRoutes.listWorkspaces,
      service: 'team-resources',
      access: signedIn,
      requiresSharedDb: 'team-resources',
    } as const;
    const admitted = await admit(parts.admissionFor(request), admissionRequestOf(request, route, 'team-resources'));
    return { page: await parts.listShared(request, admitted, query), shared: { status: 'included' } };
  } catch (error) {
    if (!canDoWithout || !isAppError(error) || statusOf(error.code) !== 503) throw error;
    return {
      page: null,
      shared: { status: error.code === 'NOT_CONFIGURED' ? 'not_configured' : 'unavailable', detail: error.message },
    };
  }
};
