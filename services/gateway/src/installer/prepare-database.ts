import { serviceNames, serviceSchemas, type InstallationWarning, type ServiceName } from '@guildhall/contracts';
import type { Client } from 'pg';
import { urlForRole, databaseNameIn, queueUrlFor } from './address.ts';
import { canCreateOwnerRoles, probeDatabase } from './probe.ts';
import { grantCreateSchemas, makeOwner, roleName, type Owner } from './roles.ts';
import { codeOf, withSession } from './session.ts';
import { oneRoleWarning } from './test-database.ts';

export interface PrepareOptions {
  readonly databaseUrl: string;
  /** `redis://` or `rediss://`; absent: the queue is in the database. */
  readonly queueUrl?: string | undefined;
  /** The password of a role. It must be deterministic, or a service that uses the role is locked out. */
  readonly passwordOf: (role: string) => string;
}

export interface ServiceUrls {
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

export interface PreparedDatabase {
  readonly urls: Readonly<Record<ServiceName, ServiceUrls>>;
  readonly warnings: readonly InstallationWarning[];
}

const prepareTimeoutMs = 60_000;
/** The PostgreSQL schema that BullMQ keeps its queues in. */
const queueSchema = 'queue';
/** Insufficient privilege, a password that an insecure CockroachDB refuses, a feature that it does not support. */
const notAllowed = new Set(['42501', '28P01', '0A000']);

const forEachService = (urlsOf: (service: ServiceName) => ServiceUrls): PreparedDatabase['urls'] => ({
  auth: urlsOf('auth'),
  'team-resources': urlsOf('team-resources'),
  audit: urlsOf('audit'),
});

const makeOwners = async (client: Client, owners: readonly Owner[], queue: Owner | null, database: string): Promise<void> => {
  for (const owner of owners) await makeOwner(client, owner, database);
  if (queue === null) return;
  await makeOwner(client, queue, database);
  // BullMQ runs CREATE SCHEMA IF NOT EXISTS at each start: PostgreSQL requires this right even if the schema exists.
  await grantCreateSchemas(client, queue.role, database);
};

/** Creates a role for each schema. False if the rights do not allow that. */
const tryMakeOwners = async (
  client: Client,
  owners: readonly Owner[],
  queue: Owner | null,
  database: string,
): Promise<boolean> => {
  if (!canCreateOwnerRoles(await probeDatabase(client), queue !== null)) return false;
  try {
    await makeOwners(client, owners, queue, database);
    return true;
  } catch (error) {
    if (notAllowed.has(codeOf(error))) return false;
    throw error;
  }
};

/**
 * Creates a role for each service, which owns the service's schema and may use no other, and one for the queue. Idempotent, also
 * for two calls at once. An installation whose services shared one role is migrated to this. If the rights do not allow it, all
 * services share the role of the address, and a warning says so. Throws the server's errors.
 */
export const prepareDatabase = async ({ databaseUrl, queueUrl, passwordOf }: PrepareOptions): Promise<PreparedDatabase> => {
  const database = databaseNameIn(new URL(databaseUrl));
  const ownerOf = (schema: string): Owner => {
    const role = roleName(database, schema);
    return { schema, role, password: passwordOf(role) };
  };
  const addressOf = ({ role, password }: Owner): string => urlForRole(databaseUrl, role, password);
  const queue = queueUrl === undefined ? ownerOf(queueSchema) : null;
  const owners = serviceNames.map((service) => ownerOf(serviceSchemas[service]));

  const redis = queueUrl === undefined ? null : queueUrlFor(queueUrl, databaseUrl);
  const hasOwners = await withSession(databaseUrl, prepareTimeoutMs, (client) => tryMakeOwners(client, owners, queue, database));
  if (!hasOwners) {
    return { urls: forEachService(() => ({ databaseUrl, queueUrl: redis ?? databaseUrl })), warnings: [oneRoleWarning] };
  }
  const queueAddress = queue === null ? (redis ?? databaseUrl) : addressOf(queue);
  const urls = forEachService((service) => ({
    databaseUrl: addressOf(ownerOf(serviceSchemas[service])),
    queueUrl: queueAddress,
  }));
  return { urls, warnings: [] };
};
