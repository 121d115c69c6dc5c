import { createHash, createHmac, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createAttachment } from '@guildhall/attachment';
import { createIdempotency, createOutboxStore } from '@guildhall/db';
import { startOutboxRelay } from '@guildhall/events';
import { afterChanges, createMetrics, foldRefusals, createMissingEvents, listen, type Logger } from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { createTeamApp } from './app.ts';
import type { TeamConfig } from './config.ts';
import { startPurging } from './jobs/purge.ts';
import { startRecordingUsers } from './jobs/record-users.ts';
import { createAccessOfUsers } from './store/access-of-users.ts';
import { createAppUsers } from './store/app-users.ts';
import { createCommunities } from './store/communities.ts';
import { createInvites } from './store/invites.ts';
import { createMembers } from './store/members.ts';
import { schema } from './store/pieces.ts';
import { createSharedWorkspaces } from './store/shared-workspaces.ts';

export interface RunningTeamResources {
  readonly url: string;
  close(): Promise<void>;
}

const service = 'team-resources';
const now = (): Date => new Date();
const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or audit is away. */
export const startTeamResources = async (config: TeamConfig, log: Logger): Promise<RunningTeamResources> => {
  const { internalKey: key } = config;
  const attachment = createAttachment({ ...config, schema, migrationsFolder, applicationName: service, log });
  const { database, isReady, onQueue } = attachment;
  const { connection } = database;
  const outbox = createOutboxStore(connection, schema);
  const appUsers = createAppUsers(connection);
  const signer = createInternalSigner({ key, issuer: service, now });
  const missing = createMissingEvents({ urls: { audit: config.auditUrl }, signer });
  const relay = onQueue((queueUrl) =>
    startOutboxRelay({ queueUrl, outbox, kinds: ['audit'], ownerId: randomUUID(), confirm: missing.find, isReady, log }),
  );

  const refusals = foldRefusals({
    append: (event) => outbox.append([event]),
    newId: randomUUID,
    monotonicMs: () => performance.now(),
    onError: (error) => log.warn({ err: error }, 'repeated refusals cannot be told now; they are told later'),
  });
  const app = createTeamApp({
    log,
    metrics: createMetrics(service),
    readiness: attachment.readiness,
    attachment,
    verifier: createInternalVerifier({ key, audience: service, now }),
    communities: createCommunities(connection),
    members: createMembers(database),
    invites: createInvites(database),
    workspaces: { ...createSharedWorkspaces(connection), recordDenial: refusals.record },
    access: createAccessOfUsers(connection),
    appUsers,
    outboxDepth: outbox.depth,
    recordDenial: refusals.record,
    inviteTokenOf: (id) => createHmac('sha256', key).update(`guildhall invite ${id}`).digest('base64url'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    newId: randomUUID,
    now,
    service,
  });
  afterChanges(app, () => relay()?.nudge());
  onQueue((queueUrl) => startRecordingUsers({ queueUrl, appUsers, newId: randomUUID, isReady, log }));
  const purgeExpiredKeys = createIdempotency(connection, schema).purgeExpired;
  const purge = startPurging({ purgeExpiredKeys, appUsers, isReady, now, log });
  const close = async (): Promise<void> => {
    await app.close();
    await refusals.close();
    await purge.stop();
    await attachment.close();
    await missing.close();
  };
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  log.info({ url }, 'listening');
  return { url, close };
};
