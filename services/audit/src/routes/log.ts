import { auditLogRoutes } from '@guildhall/contracts';
import { serve, type Answer } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { LogProofs } from '../core/log/proofs.ts';
import type { ServeLog, Tile } from '../core/log/serve.ts';

export interface LogRouteParts {
  readonly proofs: LogProofs;
  readonly serveLog: ServeLog;
}

/** A whole tile never changes; one that is not may be kept for as long as somebody may still ask for it by that width. */
const partialTileSeconds = 3_600;

const answerTile = ({ bytes, isWhole }: Tile): Answer<typeof auditLogRoutes.getAuditLogTile> => ({
  body: Buffer.from(bytes),
  freshness: isWhole ? 'immutable' : partialTileSeconds,
});

/** Entries are for whoever may read the trail: nothing between may keep them. */
const answerEntries = ({ bytes }: Tile): Answer<typeof auditLogRoutes.getAuditLogEntries> => ({ body: Buffer.from(bytes) });

/**
 * Checkpoints, the key and tiles of hashes are open to anyone: whoever keeps a copy can prove later that the trail was
 * changed, and a hash tells nothing of its event, which holds a random id.
 */
export const addLogRoutes = (app: FastifyInstance, { proofs, serveLog }: LogRouteParts): void => {
  const answerCheckpoint = async () => ({
    body: await serveLog.checkpoint(),
    freshness: 'revalidate' as const,
  });
  serve(app, auditLogRoutes.getAuditCheckpoint, 'public', answerCheckpoint);
  serve(app, auditLogRoutes.getAuditLogCheckpoint, 'public', answerCheckpoint);
  serve(app, auditLogRoutes.getAuditLogKey, 'public', async () => ({
    body: await serveLog.verifierKey(),
    freshness: 'revalidate',
  }));
  serve(app, auditLogRoutes.getAuditLogTile, 'public', async ({ params }) =>
    answerTile(await serveLog.tile(params.level, params['*'])),
  );
  serve(app, auditLogRoutes.getAuditLogEntries, 'principal', async ({ caller, params }) =>
    answerEntries(await serveLog.entries(caller.permissions, params['*'])),
  );
  serve(app, auditLogRoutes.getAuditEventProof, 'principal', async ({ caller, params }) => ({
    body: await proofs.inclusion(caller.permissions, params.eventId),
  }));
  serve(app, auditLogRoutes.getAuditEventReceipt, 'principal', async ({ caller, params }) => ({
    body: await proofs.receipt(caller.permissions, params.eventId),
  }));
  serve(app, auditLogRoutes.getAuditConsistency, 'principal', async ({ caller, query }) => ({
    body: await proofs.consistency(caller.permissions, query.from, query.to),
  }));
};
