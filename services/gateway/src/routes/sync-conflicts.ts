import { syncConflictRoutes as routes } from '@guildhall/contracts';
import { serveContract } from '@guildhall/http';
import {
  findConflict,
  listConflicts,
  resolveConflict,
  type ConflictSummary,
  type StoredConflict,
  type SyncStore,
} from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';
import { soloOnly } from '../core/admission/access-rule.ts';

export interface ConflictRouteParts {
  readonly syncs: SyncStore;
  readonly now: () => Date;
}

const summaryOf = ({ workspaceId: _workspaceId, pointers, ...conflict }: ConflictSummary) => ({
  ...conflict,
  pointers: [...pointers],
});

const conflictOf = ({ base, mine, theirs, ...conflict }: StoredConflict) => ({ ...summaryOf(conflict), base, mine, theirs });

const pathOf = ({ workspaceId, conflictId }: { readonly workspaceId: string; readonly conflictId: string }) => ({
  workspaceId: workspaceId.toLowerCase(),
  conflictId: conflictId.toLowerCase(),
});

/** The routes by which this machine's user reads and resolves conflicts, also while the shared workspace is away. */
export const addConflictRoutes = (
  app: FastifyInstance,
  { syncs: store, now }: ConflictRouteParts,
  oneAtATime: <T>(workspaceId: string, work: () => Promise<T>) => Promise<T>,
): void => {
  const local = { access: soloOnly, callerOf: () => null };
  serveContract(app, routes.listSyncConflicts, local, async ({ params, query }) => {
    const { items, nextCursor } = listConflicts(store, params.workspaceId.toLowerCase(), query);
    return { body: { items: items.map(summaryOf), nextCursor } };
  });
  serveContract(app, routes.getSyncConflict, local, async ({ params }) => ({
    body: conflictOf(findConflict(store, pathOf(params))),
  }));
  serveContract(app, routes.resolveSyncConflict, local, async ({ params, body: { take, document: merged } }) => {
    const choice = { ...pathOf(params), take, merged };
    return { body: conflictOf(await oneAtATime(choice.workspaceId, async () => resolveConflict({ store, now }, choice))) };
  });
};
