import { workspaceSyncReadingRoutes, workspaceSyncRoutes, type PublicContract, type WorkspaceSync } from '@guildhall/contracts';
import { serveContract } from '@guildhall/http';
import {
  findSync,
  planSync,
  syncWorkspace,
  undoSync,
  type SharedWorkspace,
  type SyncParts,
  type SyncReport,
  type SyncStore,
} from '@guildhall/workspaces';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { soloAndSignedIn, soloOnly } from '../core/admission/access-rule.ts';
import type { AdmissionParts, Admitted } from '../core/admission/admit.ts';
import { addConflictRoutes } from './sync-conflicts.ts';

export interface SyncRouteParts extends Omit<SyncParts, 'store' | 'shared'> {
  readonly syncs: SyncStore;
  readonly admissionFor: (request: FastifyRequest) => AdmissionParts;
  readonly sharedWorkspaceOf: (request: FastifyRequest, admitted: Admitted) => SharedWorkspace;
}

export interface SyncRouteHelp {
  /** Admits the shared part of a request. */
  readonly admitTo: (contract: PublicContract, request: FastifyRequest) => Promise<Admitted>;
  /** Runs one piece of work for a workspace at a time. Throws CONFLICT for a second one. */
  readonly oneAtATime: <T>(workspaceId: string, work: () => Promise<T>) => Promise<T>;
}

const toRow = (row: SyncReport['rows'][number]): WorkspaceSync['rows'][number] => {
  const { documentId, kind, name, action, reason, state } = row;
  const planned = { documentId, kind, name, action, reason, state };
  if (row.state === 'planned') {
    return { ...planned, ownVersion: null, sharedVersion: null, conflictId: null, code: null, detail: null };
  }
  const { ownVersion, sharedVersion, conflictId, code, detail } = row;
  return { ...planned, ownVersion, sharedVersion, conflictId, code, detail };
};

const answerOf = ({ sync, rows, unchanged, remaining }: SyncReport): WorkspaceSync => ({
  isDryRun: sync === null,
  id: sync?.id ?? null,
  state: sync?.state ?? 'planned',
  startedAt: sync?.createdAt ?? null,
  rows: rows.map(toRow),
  unchanged,
  remaining,
});

/** The routes by which this machine's user synchronises copies of shared workspaces. */
export const addSyncRoutes = (app: FastifyInstance, parts: SyncRouteParts, { admitTo, oneAtATime }: SyncRouteHelp): void => {
  const { syncs: store, sharedWorkspaceOf } = parts;
  const partsFor = (contract: PublicContract) => (request: FastifyRequest) => async (): Promise<SyncParts> => {
    const admitted = await admitTo(contract, request);
    return { ...parts, store, shared: sharedWorkspaceOf(request, admitted) };
  };
  const { syncWorkspace: syncContract, undoWorkspaceSync: undoContract } = workspaceSyncRoutes;
  serveContract(
    app,
    syncContract,
    { access: soloAndSignedIn, callerOf: partsFor(syncContract) },
    async ({ caller, params, query }) => {
      const sync = await caller();
      const workspaceId = params.workspaceId.toLowerCase();
      if (query.dryRun === 'true') return { body: answerOf(await planSync(sync, workspaceId)) };
      return { body: answerOf(await oneAtATime(workspaceId, () => syncWorkspace(sync, workspaceId))) };
    },
  );
  serveContract(app, undoContract, { access: soloAndSignedIn, callerOf: partsFor(undoContract) }, async ({ caller, params }) => {
    const sync = await caller();
    const workspaceId = params.workspaceId.toLowerCase();
    const undo = () => undoSync(sync, workspaceId, params.syncId.toLowerCase());
    return { body: answerOf(await oneAtATime(workspaceId, undo)) };
  });
  const reading = { access: soloOnly, callerOf: () => null };
  serveContract(app, workspaceSyncReadingRoutes.getWorkspaceSync, reading, async ({ params }) => ({
    body: answerOf(findSync({ store }, params.workspaceId.toLowerCase(), params.syncId.toLowerCase())),
  }));
  addConflictRoutes(app, parts, oneAtATime);
};
