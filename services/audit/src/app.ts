import { addDataRoutes, type DataRouteParts } from '@guildhall/data-browser/routes';
import { addDatabaseRoutes, type DatabaseLink, type ReadQueues } from '@guildhall/database-link';
import { createServiceServer } from '@guildhall/http';
import type { ContextParts } from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { auditEventRoutes, type AuditRouteParts } from './routes/audit.ts';
import type { ReviewRejected } from './core/rejected/review-rejected.ts';
import type { Blame } from './core/trail/blame.ts';
import { addBlameRoutes } from './routes/blame.ts';
import { addInternalRoutes, type InternalRouteParts } from './routes/internal.ts';
import { addReadingRoutes, type ReadingRouteParts } from './routes/reading.ts';
import { addLogRoutes, type LogRouteParts } from './routes/log.ts';
import { addRejectedRoutes } from './routes/rejected.ts';
import { addRetentionRoutes, type RetentionRules } from './routes/retention.ts';

export type AppParts = Parameters<typeof createServiceServer>[0] &
  AuditRouteParts &
  LogRouteParts &
  InternalRouteParts & {
    readonly databaseLink: DatabaseLink;
    readonly readQueues: ReadQueues;
    readonly dataBrowser: DataRouteParts['dataBrowser'];
    readonly blame: Blame;
    readonly reviewRejected: ReviewRejected;
    readonly retention: RetentionRules;
    readonly reading: Omit<ReadingRouteParts, keyof ContextParts>;
    readonly context: ContextParts;
  };

/** The HTTP surface of the service. */
export const createApp = ({
  listEvents,
  getStatus,
  confirmEvents,
  takeEvents,
  repairLog,
  databaseLink,
  readQueues,
  dataBrowser,
  blame,
  reviewRejected,
  proofs,
  serveLog,
  retention,
  reading,
  context,
  ...server
}: AppParts): FastifyInstance => {
  const app = createServiceServer(server);
  auditEventRoutes(app, { listEvents, getStatus });
  addBlameRoutes(app, blame);
  addInternalRoutes(app, { confirmEvents, takeEvents, repairLog });
  addReadingRoutes(app, { ...context, ...reading });
  addRejectedRoutes(app, reviewRejected);
  addLogRoutes(app, { proofs, serveLog });
  addRetentionRoutes(app, context, retention);
  addDataRoutes(app, { ...context, dataBrowser });
  addDatabaseRoutes(app, databaseLink, readQueues);
  return app;
};
