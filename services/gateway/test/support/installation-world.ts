import { AppError } from '@guildhall/errors';
import { serviceNames, type DatabaseReport, type DatabaseState, type ServiceName } from '@guildhall/contracts';
import type { Availability } from '../../src/core/availability/availability.ts';
import { createInstallation, type InstallationControl } from '../../src/core/installation/installation.ts';
import type {
  Configuration,
  InstallationParts,
  InstallationRecord,
  InstallationRecords,
  InstallationServices,
  ServiceAddresses,
} from '../../src/core/installation/parts.ts';

export const administrator = { email: 'ada@example.org', password: 'a long enough password', displayName: 'Ada' };
export const request = { databaseUrl: 'postgres://admin:secret@first/guildhall', administrator };
export const other = { databaseUrl: 'postgres://admin:secret@second/guildhall', administrator };
export const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A database: what was done to it, each thing as often as it was done. */
export interface WorldDatabase {
  owners: string[];
  migrated: ServiceName[];
}

export interface WorldService {
  isUp: boolean;
  isByEnvironment: boolean;
  configuration: Configuration | null;
  /** Why it cannot migrate. */
  fault: string | null;
}

/** Everything outside of the installation's core. It goes on while gateways come and go. */
export interface World {
  readonly databases: Map<string, WorldDatabase>;
  readonly services: Record<ServiceName, WorldService>;
  readonly records: { stored: { configurationId: string; phase: InstallationRecord['phase']; sealed: string } | null };
  readonly setup: string[];
  readonly lines: { level: string; fields: object; message: string }[];
  /** The fields of the database report that differ from the usual. */
  report: Partial<DatabaseReport>;
  /** Throws in `prepareDatabase`. */
  prepareFault: Error | null;
  /** Throws in `makeOwner`. */
  ownerFault: Error | null;
  /** Calls outside so far. At `diesAt` the process dies: before that call takes effect, or after it. */
  calls: number;
  diesAt: { readonly call: number; readonly when: 'before' | 'after' } | null;
  isDead: boolean;
  /** The file, as a process has it open. */
  createRecords(): InstallationRecords;
  /** A gateway's installation, as a new process makes it. */
  startGateway(more?: Partial<InstallationParts>): InstallationControl;
}

const report: DatabaseReport = {
  isUsable: true,
  engine: { name: 'PostgreSQL', version: '18.1' },
  latencyMs: 1,
  canCreateRoles: true,
  holds: 'nothing',
  faults: [],
  warnings: [],
};

export const urlsOf = (databaseUrl: string): ServiceAddresses => {
  const of = (service: ServiceName) => ({ databaseUrl: databaseUrl.replace('admin', service), queueUrl: 'postgres://queue/' });
  return { auth: of('auth'), 'team-resources': of('team-resources'), audit: of('audit') };
};

const never = new Promise<never>(() => {});
/** Each service's own URL names its role: the database is what follows. */
const databaseOf = ({ addresses }: Configuration): string => new URL(addresses.auth.databaseUrl).host;

const service = (): WorldService => ({ isUp: true, isByEnvironment: false, configuration: null, fault: null });

export const createWorld = (): World => {
  const clock = { ms: Date.parse('2026-01-01T00:00:00.000Z') };
  let ids = 0;

  /** One call to the outside: an await, and a moment at which the process may die. */
  const outside = async <T>(act: () => T): Promise<T> => {
    await Promise.resolve();
    world.calls += 1;
    const dies = world.diesAt?.call === world.calls ? world.diesAt.when : null;
    if (dies === 'before') world.isDead = true;
    if (world.isDead) return never;
    const answer = act();
    if (dies === 'after') world.isDead = true;
    return world.isDead ? never : answer;
  };
  const databaseAt = (host: string): WorldDatabase => {
    const known = world.databases.get(host) ?? { owners: [], migrated: [] };
    world.databases.set(host, known);
    return known;
  };
  const stateOf = (name: ServiceName): DatabaseState => {
    const { configuration, isByEnvironment, fault } = world.services[name];
    const isConnected = configuration !== null;
    const status = isByEnvironment ? 'ready' : !isConnected ? 'not_configured' : fault === null ? 'ready' : 'unavailable';
    return {
      source: isByEnvironment ? 'environment' : isConnected ? 'installation' : null,
      configurationId: configuration?.configurationId ?? null,
      status,
      migrations: isConnected ? { applied: fault === null ? 3 : 1, pending: fault === null ? 0 : 2 } : null,
      fault: isConnected ? fault : null,
    };
  };
  const upOrThrow = (name: ServiceName): WorldService => {
    if (!world.services[name].isUp) throw new AppError('SERVICE_UNAVAILABLE', 'away');
    return world.services[name];
  };
  const changeable = (name: ServiceName): WorldService => {
    if (upOrThrow(name).isByEnvironment) throw new AppError('CONFLICT', 'The environment of this service names its database.');
    return world.services[name];
  };
  const connectedDatabase = (): WorldDatabase => {
    const { configuration } = upOrThrow('auth');
    if (configuration === null) throw new AppError('NOT_CONFIGURED', 'not configured');
    return databaseAt(databaseOf(configuration));
  };

  const services: InstallationServices = {
    databaseState: (name) =>
      outside(() => {
        upOrThrow(name);
        return stateOf(name);
      }),
    connect: (name, configuration) =>
      outside(() => {
        const connecting = changeable(name);
        connecting.configuration = configuration;
        const { migrated } = databaseAt(databaseOf(configuration));
        if (connecting.fault === null && !migrated.includes(name)) migrated.push(name);
        return stateOf(name);
      }),
    disconnect: (name) =>
      outside(() => {
        changeable(name).configuration = null;
        return stateOf(name);
      }),
    hasOwner: () => outside(() => connectedDatabase().owners.length > 0),
    makeOwner: ({ email }) =>
      outside(() => {
        const { owners } = connectedDatabase();
        if (world.ownerFault !== null) throw world.ownerFault;
        const isNew = owners.length === 0;
        if (isNew) owners.push(email);
        return { isNew };
      }),
  };

  const records = (): InstallationRecords => ({
    read: () => world.records.stored,
    open: (stored) => JSON.parse(stored.sealed) as InstallationRecord,
    replace(from, next) {
      if (world.isDead || world.records.stored?.sealed !== from?.sealed) return undefined;
      const { configurationId, phase } = next;
      world.records.stored = { configurationId, phase, sealed: JSON.stringify(next) };
      return world.records.stored;
    },
    remove(from) {
      if (world.isDead || world.records.stored?.sealed !== from.sealed) return false;
      world.records.stored = null;
      return true;
    },
  });

  const log = (level: string) => (fields: object, message: string) => void world.lines.push({ level, fields, message });
  const statusOf = (name: ServiceName): Availability => {
    const { isUp } = world.services[name];
    if (!isUp) return { status: 'unreachable', detail: 'connect ECONNREFUSED 10.1.2.3:4301' };
    const { source, configurationId, status, migrations } = stateOf(name);
    return { source, configurationId, migrations, status: status === 'migrating' ? 'connecting' : status };
  };

  const world: World = {
    databases: new Map(),
    services: { auth: service(), 'team-resources': service(), audit: service() },
    records: { stored: null },
    setup: [],
    lines: [],
    report: {},
    prepareFault: null,
    ownerFault: null,
    calls: 0,
    diesAt: null,
    isDead: false,
    createRecords: records,
    startGateway(more = {}) {
      world.isDead = false;
      return createInstallation({
        services,
        installer: {
          testDatabase: ({ databaseUrl }) =>
            outside(() => {
              const holds = databaseAt(new URL(databaseUrl).host).migrated.length > 0 ? 'guildhall' : 'nothing';
              return { ...report, holds, ...world.report };
            }),
          prepareDatabase: ({ databaseUrl }) =>
            outside(() => {
              if (world.prepareFault !== null) throw world.prepareFault;
              return { urls: urlsOf(databaseUrl), warnings: [] };
            }),
        },
        records: records(),
        statusOf,
        refresh: () => {},
        setup: { open: () => void world.setup.push('open'), close: () => void world.setup.push('close') },
        newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
        now: () => new Date(clock.ms),
        pause: async (ms) => {
          clock.ms += ms;
          await new Promise((resolve) => void setImmediate(resolve));
        },
        log: { info: log('info'), warn: log('warn'), error: log('error') },
        ...more,
      });
    },
  };
  return world;
};

/** Resolves with the run once it has ended. */
export const ended = (installation: InstallationControl) =>
  new Promise<ReturnType<InstallationControl['state']>['run']>((resolve) => {
    const stop = installation.follow((run) => {
      if (run.status === 'running') return;
      resolve(run);
      setImmediate(() => stop());
    });
  });

export const configurationIds = (world: World): (string | null)[] =>
  serviceNames.map((name) => world.services[name].configuration?.configurationId ?? null);
