import { serviceNames, serviceSchemas, type InstallationWarning, type ServiceName } from '@guildhall/contracts';
import type { Client } from 'pg';
import { addressFor, databaseNameIn, queueAddressFor } from './address.ts';
import { allowsOwners, lookAt } from './look.ts';
import { letMakeSchemas, makeOwner, roleName, type Owner } from './roles.ts';
import { codeOf, withSession } from './session.ts';
import { oneRole } from './test-database.ts';

export interface Preparing {
  readonly databaseUrl: string;
  /** `redis://` or `rediss://`; absent: the queue lies in the database. */
  readonly queueUrl?: string | undefined;
  /** The password of a role: the same one for the same role, or who uses it meanwhile is locked out. */
  readonly secretOf: (role: string) => string;
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
/** Rights that are not there, a password that an insecure CockroachDB does not take, what it does not know. */
const notAllowed = new Set(['42501', '28P01', '0A000']);

const everyService = (urlsOf: (service: ServiceName) => ServiceUrls): PreparedDatabase['urls'] => ({
  auth: urlsOf('auth'),
  'team-resources': urlsOf('team-resources'),
  audit: urlsOf('audit'),
});

const makeOwners = async (client: Client, owners: readonly Owner[], queue: Owner | null, database: string): Promise<void> => {
  for (const owner of owners) await makeOwner(client, owner, database);
  if (queue === null) return;
  await makeOwner(client, queue, database);
  // BullMQ asks for its schema with each start, and the server wants this right of it although the schema is there.
  await letMakeSchemas(client, queue.role, database);
};

/** Whether each schema has a role of its own now. */
const couldMakeOwners = async (
  client: Client,
  owners: readonly Owner[],
  queue: Owner | null,
  database: string,
): Promise<boolean> => {
  if (!allowsOwners(await lookAt(client), queue !== null)) return false;
  try {
    await makeOwners(client, owners, queue, database);
    return true;
  } catch (error) {
    if (notAllowed.has(codeOf(error))) return false;
    throw error;
  }
};

/**
 * Makes a role for each service, which owns the service's schema and may use no other, and one for the queue. Doing it
 * again, or two at once, changes nothing. An installation whose services shared one role is taken over. Where rights do not
 * allow it, all services share the role of the address, and a warning says so. Throws what the server answers.
 */
export const prepareDatabase = async ({ databaseUrl, queueUrl, secretOf }: Preparing): Promise<PreparedDatabase> => {
  const database = databaseNameIn(new URL(databaseUrl));
  const ownerOf = (schema: string): Owner => {
    const role = roleName(database, schema);
    return { schema, role, password: secretOf(role) };
  };
  const addressOf = ({ role, password }: Owner): string => addressFor(databaseUrl, role, password);
  const queue = queueUrl === undefined ? ownerOf(queueSchema) : null;
  const owners = serviceNames.map((service) => ownerOf(serviceSchemas[service]));

  const redis = queueUrl === undefined ? null : queueAddressFor(queueUrl, databaseUrl);
  const hasOwners = await withSession(databaseUrl, prepareTimeoutMs, (client) =>
    couldMakeOwners(client, owners, queue, database),
  );
  if (!hasOwners) {
    return { urls: everyService(() => ({ databaseUrl, queueUrl: redis ?? databaseUrl })), warnings: [oneRole] };
  }
  const queueAddress = queue === null ? (redis ?? databaseUrl) : addressOf(queue);
  const urls = everyService((service) => ({
    databaseUrl: addressOf(ownerOf(serviceSchemas[service])),
    queueUrl: queueAddress,
  }));
  return { urls, warnings: [] };
};
