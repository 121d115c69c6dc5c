import { isAppError, statusOf, AppError } from '@guildhall/errors';
import { pageLimitDefault, workspaceRoutes } from '@guildhall/contracts';
import { bearerToken, type Handler } from '@guildhall/http';
import { pageOfWorkspaces, type ListQuery, type WorkspaceParts } from '@guildhall/workspaces';
import { cursorOf } from '@guildhall/resources';
import type { FastifyRequest } from 'fastify';
import { signedIn } from '../core/admission/access-rule.ts';
import { admit, impatient, type AdmissionParts, type Admitted } from '../core/admission/admit.ts';
import type { Availability } from '../core/availability/availability.ts';
import { mergePages, type WorkspacePage } from '../core/merge-pages.ts';
import type { IsLocal } from './local.ts';
import { admissionRequestOf } from './admission-request.ts';

/** The caller of the list: this machine's user, somebody signed in, or both. */
export interface ListCaller {
  /** This machine's user, who sees the solo workspaces. */
  readonly isLocal: boolean;
  readonly hasToken: boolean;
  /** Reads the shared part of the list. Throws what admission refuses, and what team-resources answers. */
  readonly listShared: (query: ListQuery) => Promise<WorkspacePage>;
}

export interface WorkspaceListParts {
  readonly solo: Pick<WorkspaceParts, 'store'>;
  /** The solo store without the copies of shared workspaces. */
  readonly ownWorkspaces: Pick<WorkspaceParts['store'], 'listWorkspaces'>;
  readonly sharedAvailability: () => Availability;
}

export interface ListCallerParts {
  readonly isLocal: IsLocal;
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
  /** The shared part of the caller's list. Throws what team-resources answers. */
  readonly listShared: (request: FastifyRequest, admitted: Admitted, query: ListQuery) => Promise<WorkspacePage>;
}

type ListRoute = typeof workspaceRoutes.listWorkspaces;
type Query = Parameters<Handler<ListRoute>>[0]['query'];

interface SharedPart {
  readonly page: WorkspacePage | null;
  readonly shared: {
    readonly status: 'included' | 'not_asked' | 'signed_out' | 'not_configured' | 'unavailable';
    readonly detail?: string;
  };
}

/** Reads from a request who asks for the list. */
export const createListCallerOf =
  ({ isLocal, admissionFor, listShared }: ListCallerParts) =>
  (request: FastifyRequest): ListCaller => {
    const local = isLocal(request);
    return {
      isLocal: local,
      hasToken: bearerToken(request.headers.authorization) !== undefined,
      async listShared(query) {
        const admission = admissionFor(request);
        const sharedPart = admissionRequestOf(request, sharedRoute, 'team-resources');
        const admitted = await admit(local ? impatient(admission) : admission, sharedPart);
        return await listShared(request, admitted, query);
      },
    };
  };

/** The shared part is admitted as a route of team-resources for everyone who is signed in. */
const sharedRoute = {
  contract: workspaceRoutes.listWorkspaces,
  service: 'team-resources',
  access: signedIn,
  requiresSharedDb: 'team-resources',
} as const;

/**
 * Lists solo and shared workspaces as one; a shared one stands there once, though a copy of it is here. If the shared part cannot be
 * read, the answer has the solo part and the reason.
 */
export const createWorkspaceList =
  (parts: WorkspaceListParts): Handler<ListRoute, ListCaller> =>
  async ({ caller, query }) => {
    const { isLocal, hasToken } = caller;
    if (!isLocal && !hasToken) throw new AppError('UNAUTHENTICATED', 'Sign in first: send a bearer access token.');
    const { page, shared } = await readShared(parts, caller, query);
    const store = shared.status === 'included' ? parts.ownWorkspaces : parts.solo.store;
    const solo = isLocal && query.mode !== 'shared' ? await pageOfWorkspaces(store, 'solo', query) : null;
    const pages = [solo, page].filter((part) => part !== null);
    return { body: { ...mergePages(pages, query.limit ?? pageLimitDefault, cursorOf), shared } };
  };

/** Reads the shared part. To this machine's user an unavailable shared part is described, to others it is a refusal. */
const readShared = async (parts: WorkspaceListParts, caller: ListCaller, query: Query): Promise<SharedPart> => {
  if (query.mode === 'solo') return { page: null, shared: { status: 'not_asked' } };
  if (!caller.hasToken) {
    const isConfigured = parts.sharedAvailability().status !== 'not_configured';
    return { page: null, shared: { status: isConfigured ? 'signed_out' : 'not_configured' } };
  }
  try {
    return { page: await caller.listShared(query), shared: { status: 'included' } };
  } catch (error) {
    if (!caller.isLocal || !isAppError(error) || statusOf(error.code) !== 503) throw error;
    return {
      page: null,
      shared: { status: error.code === 'NOT_CONFIGURED' ? 'not_configured' : 'unavailable', detail: error.message },
    };
  }
};
