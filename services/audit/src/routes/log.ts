import { auditLogRoutes } from '@guildhall/contracts';
import { serve, type Answer } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { LogProofs } from '../core/log/proofs.ts';
import type { ServeLog, Tile } from '../core/log/serve.ts';

export interface LogRouteParts {
  readonly proofs: LogProofs;
  readonly serveLog: ServeLog;
}

const plain = { 'content-type': 'text/plain; charset=utf-8' };
/** A whole tile is kept for a year; one that is not, for as long as somebody may still ask for it by that width. */
const forEver = 'public, max-age=31536000, immutable';
const forAWhile = 'public, max-age=3600';

const answerTile = ({ bytes, isWhole }: Tile): Answer<typeof auditLogRoutes.getAuditLogTile> => ({
  body: Buffer.from(bytes),
  headers: { 'content-type': 'application/octet-stream', 'cache-control': isWhole ? forEver : forAWhile },
});

/** Entries are for whoever may read the trail: nothing between may keep them. */
const answerEntries = (tile: Tile): Answer<typeof auditLogRoutes.getAuditLogEntries> => ({
  ...answerTile(tile),
  headers: { 'content-type': 'application/octet-stream', 'cache-control': 'private, no-store' },
});

/**
 * Checkpoints, the key and tiles of hashes are open to anyone: whoever keeps a copy can prove later that the trail was
 * changed, and a hash tells nothing of its event, which holds a random id.
 */
export const addLogRoutes = (app: FastifyInstance, { proofs, serveLog }: LogRouteParts): void => {
  const answerCheckpoint = async () => ({
    body: await serveLog.checkpoint(),
    headers: { ...plain, 'cache-control': 'no-cache' },
  });
  serve(app, auditLogRoutes.getAuditCheckpoint, 'public', answerCheckpoint);
  serve(app, auditLogRoutes.getAuditLogCheckpoint, 'public', answerCheckpoint);
  serve(app, auditLogRoutes.getAuditLogKey, 'public', async () => ({ body: await serveLog.verifierKey(), headers: plain }));
  serve(app, auditLogRoutes.getAuditLogTile, 'public', async ({ params }) =>
    answerTile(await serveLog.tile(params.level, params['*'])),
  );
  serve(app, auditLogRoutes.getAuditLogEntries, 'principal', async ({ caller, params }) =>
    answerEntries(await serveLog.entries(caller.permissions, params['*'])),
  );
  serve(app, auditLogRoutes.getAuditEventProof, 'principal', async ({ caller, params }) => ({
    body: await proofs.inclusion(caller.permissions, params.eventId),
  }));
  serve(app, auditLogRoutes.getAuditConsistency, 'principal', async ({ caller, query }) => ({
    body: await proofs.consistency(caller.permissions, query.from, query.to),
  }));
};
