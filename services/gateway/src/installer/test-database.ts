import { serviceSchemas, type DatabaseReport, type InstallationFault, type InstallationWarning } from '@guildhall/contracts';
import type { EngineName } from '@guildhall/engine';
import { holdsPlaceholder } from '@guildhall/resources';
import { isUnencrypted, readDatabaseUrl } from './address.ts';
import { faultOf, faultOfError } from './database-faults.ts';
import { canCreateOwnerRoles, probeDatabase, type DatabaseProbe } from './probe.ts';
import { isQueueReachable } from './queue.ts';
import { codeOf, withSession } from './session.ts';

export interface TestOptions {
  readonly databaseUrl: string;
  /** `redis://` or `rediss://`; absent: the queue is to be in the database. */
  readonly queueUrl?: string | undefined;
  /** Schema → the migrations of the installed program. A schema that is not named is not checked. */
  readonly migrationsExpected: Readonly<Record<string, readonly string[]>>;
}

/** The time-out of the whole probe. */
const probeTimeoutMs = 5_000;
const slowMs = 50;
const oldestVersions: Readonly<Record<EngineName, readonly [number, number]>> = { PostgreSQL: [15, 0], CockroachDB: [24, 3] };

const isOlder = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [own = 0, ownMinor = 0] = version.split('.').map(Number);
  return own < major || (own === major && ownMinor < minor);
};

const versionFault = ({ engine: { name, version } }: DatabaseProbe): InstallationFault | null => {
  const oldest = oldestVersions[name];
  if (!isOlder(version, oldest)) return null;
  const wanted = name === 'PostgreSQL' ? oldest[0] : oldest.join('.');
  return {
    code: 'VERSION_UNSUPPORTED',
    detail: `This is ${name} ${version}; it must be ${wanted} or newer. Upgrade it, or name another.`,
  };
};

const newerFault = ({ recorded }: DatabaseProbe, expected: TestOptions['migrationsExpected']): InstallationFault | null => {
  for (const [schema, names] of recorded) {
    const known = expected[schema];
    if (known === undefined || names.every((name) => known.includes(name))) continue;
    const [theirs, ours] = [names.at(-1)?.slice(0, 4) ?? '0', known.at(-1)?.slice(0, 4) ?? '0'];
    return {
      code: 'NEWER_INSTALLATION',
      detail: `This database belongs to a newer Guildhall: its schema ${schema} is at migration ${theirs}, this program knows them up to ${ours}. Upgrade this program.`,
    };
  }
  return null;
};

const hasAllSchemas = ({ usable }: DatabaseProbe): boolean => Object.values(serviceSchemas).every((schema) => usable.has(schema));

const faultsOf = (probe: DatabaseProbe, { migrationsExpected, queueUrl }: TestOptions): readonly InstallationFault[] =>
  [
    versionFault(probe),
    probe.isUtf8 ? null : faultOf('ENCODING_UNSUPPORTED'),
    probe.isReadOnly ? faultOf('READ_ONLY') : null,
    newerFault(probe, migrationsExpected),
    // A queue in the database makes a schema of its own.
    probe.canCreateSchemas || (hasAllSchemas(probe) && queueUrl !== undefined) ? null : faultOf('CANNOT_CREATE_SCHEMAS'),
    probe.engine.name === 'CockroachDB' && queueUrl === undefined ? faultOf('QUEUE_REQUIRED') : null,
  ].filter((fault) => fault !== null);

const warningsOf = (probe: DatabaseProbe, url: URL, hasOwners: boolean): readonly InstallationWarning[] => [
  ...(hasOwners ? [] : [oneRoleWarning]),
  ...(isUnencrypted(url)
    ? [
        {
          code: 'NO_TLS' as const,
          detail: 'The connection to this server is not encrypted. Add sslmode=verify-full to the address.',
        },
      ]
    : []),
  ...(probe.latencyMs > slowMs
    ? [
        {
          code: 'SLOW' as const,
          detail: `The server takes ${probe.latencyMs} ms for the smallest answer. Everything waits for it: place it nearer.`,
        },
      ]
    : []),
  ...(probe.recorded.size > 0
    ? [{ code: 'NOT_EMPTY' as const, detail: 'The database holds a Guildhall already. It will be used as it is.' }]
    : []),
];

/** The warning if the rights do not allow a role per service. */
export const oneRoleWarning: InstallationWarning = {
  code: 'ONE_ROLE',
  detail:
    'This user may not create roles and hand its rights to them, so that all services share it and could read each other’s tables. Give one with CREATEROLE that owns the database.',
};

const unknownReport: Omit<DatabaseReport, 'faults'> = {
  isUsable: false,
  engine: null,
  latencyMs: null,
  canCreateRoles: false,
  holds: 'unknown',
  warnings: [],
};

const probeAndJudge = async (testing: TestOptions, url: URL): Promise<DatabaseReport> => {
  try {
    const probe = await withSession(testing.databaseUrl, probeTimeoutMs, probeDatabase);
    const faults = faultsOf(probe, testing);
    const hasOwners = canCreateOwnerRoles(probe, testing.queueUrl === undefined);
    return {
      isUsable: faults.length === 0,
      engine: { name: probe.engine.name, version: probe.engine.version },
      latencyMs: probe.latencyMs,
      canCreateRoles: hasOwners,
      holds: probe.recorded.size > 0 ? 'guildhall' : 'nothing',
      faults: [...faults],
      warnings: [...warningsOf(probe, url, hasOwners)],
    };
  } catch (error) {
    // A server that speaks the protocol and sends no code is neither PostgreSQL nor CockroachDB.
    const isAnswered = error instanceof Error && codeOf(error) === '' && /neither PostgreSQL nor CockroachDB/.test(error.message);
    return { ...unknownReport, faults: [isAnswered ? faultOf('ENGINE_UNSUPPORTED') : faultOfError(error)] };
  }
};

/** Tests within seconds whether a database can be the shared one, without changing it. Every fault is in the report. */
export const testDatabase = async (testing: TestOptions): Promise<DatabaseReport> => {
  const url = readDatabaseUrl(testing.databaseUrl);
  if (url === null) return { ...unknownReport, faults: [faultOf('SCHEME_UNSUPPORTED')] };
  // What anyone can read in the example is no password: not of a server that takes it, either.
  if ([testing.databaseUrl, testing.queueUrl ?? ''].some(holdsPlaceholder))
    return { ...unknownReport, faults: [faultOf('PLACEHOLDER')] };
  const report = await probeAndJudge(testing, url);
  if (testing.queueUrl === undefined || (await isQueueReachable(testing.queueUrl))) return report;
  return { ...report, isUsable: false, faults: [...report.faults, faultOf('QUEUE_UNREACHABLE')] };
};
