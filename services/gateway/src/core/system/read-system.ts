import {
  release,
  serviceNames,
  type MigrationRecord,
  type ProcessState,
  type SchemaMigrations,
  type ServiceName,
  type ServiceReport,
  type SigningKeyState,
  type SystemMigrations,
  type SystemServices,
} from '@guildhall/contracts';
import { omitUndefined } from '@guildhall/resources';
import { publicDetail, type Availability } from '../availability/availability.ts';
import { readPart, unreadOf, valueOf } from '../read-part.ts';

/** The last look at a service. Times in ISO 8601, UTC; null before the first. */
export interface LastCheck {
  readonly since: string | null;
  readonly checkedAt: string | null;
}

/** The migrations of a schema, by its own records. */
export interface RecordedMigrations {
  readonly fault: string | null;
  readonly items: readonly MigrationRecord[];
}

/** The processes of the installation. Each call throws the AppError of a service that does not answer. */
export interface SystemClients {
  processOf(service: ServiceName): Promise<ProcessState>;
  migrationsOf(service: ServiceName): Promise<RecordedMigrations>;
  signingKeys(): Promise<readonly SigningKeyState[]>;
}

export interface SystemParts {
  /** Null: this gateway has no services. */
  readonly clients: SystemClients | null;
  readonly availabilityOf: (service: ServiceName) => Availability;
  readonly lastCheckOf: (service: ServiceName) => LastCheck;
  /** Null where everything goes by HTTP. */
  readonly laneOf: (service: ServiceName) => ServiceReport['lane'];
  readonly soloMigrations: () => RecordedMigrations;
  readonly startedAt: string;
  readonly now: () => Date;
}

/** How long a process counts as running after it answered. */
const seenMs = 60_000;

/** Counts the processes of each service that answered within the last minute, by the ids that they made at their start. */
const createReplicaCount = () => {
  const seen = new Map<ServiceName, Map<string, number>>();
  return {
    see: (service: ServiceName, instanceId: string, nowMs: number): void => {
      seen.set(service, (seen.get(service) ?? new Map<string, number>()).set(instanceId, nowMs));
    },
    count: (service: ServiceName, nowMs: number): number =>
      [...(seen.get(service)?.values() ?? [])].filter((at) => nowMs - at <= seenMs).length,
  };
};

const reportOf = (
  { availabilityOf, lastCheckOf, laneOf }: SystemParts,
  service: ServiceName,
  answered: ProcessState | null,
  replicas: number,
): ServiceReport => {
  const { status, detail } = availabilityOf(service);
  return {
    service,
    status,
    ...omitUndefined({ detail: publicDetail(status, detail) }),
    ...lastCheckOf(service),
    version: answered?.version ?? null,
    startedAt: answered?.startedAt ?? null,
    replicas,
    pool: answered?.pool ?? null,
    lane: laneOf(service),
    queues: answered?.queues ?? null,
  };
};

/** Reads how each service is. A service that does not answer is named as unread. */
export const createReadServices = (parts: SystemParts) => {
  const replicas = createReplicaCount();
  return async function readServices(): Promise<SystemServices> {
    const { clients, now, startedAt } = parts;
    const at = now();
    const head = { at: at.toISOString(), gateway: { version: release, startedAt } };
    if (clients === null) return { ...head, services: [], signingKeys: null, unread: [] };
    const keys = readPart('signing keys', () => clients.signingKeys());
    const reads = await Promise.all(
      serviceNames.map(async (service) => [service, await readPart(service, () => clients.processOf(service))] as const),
    );
    for (const [service, read] of reads) if ('value' in read) replicas.see(service, read.value.instanceId, at.getTime());
    const signingKeys = valueOf(await keys);
    return {
      ...head,
      services: reads.map(([service, read]) => reportOf(parts, service, valueOf(read), replicas.count(service, at.getTime()))),
      signingKeys: signingKeys === null ? null : [...signingKeys],
      unread: unreadOf([...reads.map(([, read]) => read), await keys]),
    };
  };
};

const schemaOf = (service: SchemaMigrations['service'], { fault, items }: RecordedMigrations): SchemaMigrations => {
  const pending = items.filter(({ appliedAt }) => appliedAt === null).length;
  return { service, applied: items.length - pending, pending, fault, items: [...items] };
};

/** Reads the migrations of every schema, that of the solo file first. A schema that cannot be read is named. */
export const createReadMigrations =
  ({ clients, soloMigrations }: SystemParts) =>
  async (): Promise<SystemMigrations> => {
    const solo = schemaOf('solo', soloMigrations());
    if (clients === null) return { schemas: [solo], unread: [] };
    const reads = await Promise.all(
      serviceNames.map((service) => readPart(service, async () => schemaOf(service, await clients.migrationsOf(service)))),
    );
    return { schemas: [solo, ...reads.map(valueOf).filter((schema) => schema !== null)], unread: unreadOf(reads) };
  };
