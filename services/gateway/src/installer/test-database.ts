import { serviceSchemas, type DatabaseReport, type InstallationFault, type InstallationWarning } from '@guildhall/contracts';
import type { EngineName } from '@guildhall/engine';
import { isReadableOnTheWay, readDatabaseUrl } from './address.ts';
import { faultOf, faultOfError } from './database-faults.ts';
import { allowsOwners, lookAt, type Sight } from './look.ts';
import { isQueueThere } from './queue.ts';
import { codeOf, withSession } from './session.ts';

export interface Testing {
  readonly databaseUrl: string;
  /** `redis://` or `rediss://`; absent: the queue is to lie in the database. */
  readonly queueUrl?: string | undefined;
  /** Schema → the migrations that the installed program knows. A schema that is not named is not judged. */
  readonly migrationsExpected: Readonly<Record<string, readonly string[]>>;
}

/** For all questions together. */
const lookTimeoutMs = 5_000;
const slowMs = 50;
const oldestVersions: Readonly<Record<EngineName, readonly [number, number]>> = { PostgreSQL: [15, 0], CockroachDB: [24, 3] };

const isOlder = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [own = 0, ownMinor = 0] = version.split('.').map(Number);
  return own < major || (own === major && ownMinor < minor);
};

const versionFault = ({ engine: { name, version } }: Sight): InstallationFault | null => {
  const oldest = oldestVersions[name];
  if (!isOlder(version, oldest)) return null;
  const wanted = name === 'PostgreSQL' ? oldest[0] : oldest.join('.');
  return {
    code: 'VERSION_UNSUPPORTED',
    detail: `This is ${name} ${version}; it must be ${wanted} or newer. Upgrade it, or name another.`,
  };
};

const newerFault = ({ recorded }: Sight, expected: Testing['migrationsExpected']): InstallationFault | null => {
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

const hasAllSchemas = ({ usable }: Sight): boolean => Object.values(serviceSchemas).every((schema) => usable.has(schema));

const faultsOf = (sight: Sight, { migrationsExpected, queueUrl }: Testing): readonly InstallationFault[] =>
  [
    versionFault(sight),
    sight.isReadOnly ? faultOf('READ_ONLY') : null,
    newerFault(sight, migrationsExpected),
    // A queue in the database makes a schema of its own.
    sight.canCreateSchemas || (hasAllSchemas(sight) && queueUrl !== undefined) ? null : faultOf('CANNOT_CREATE_SCHEMAS'),
    sight.engine.name === 'CockroachDB' && queueUrl === undefined ? faultOf('QUEUE_REQUIRED') : null,
  ].filter((fault) => fault !== null);

const warningsOf = (sight: Sight, url: URL, hasOwners: boolean): readonly InstallationWarning[] => [
  ...(hasOwners ? [] : [oneRole]),
  ...(isReadableOnTheWay(url)
    ? [
        {
          code: 'NO_TLS' as const,
          detail: 'What is sent to this server can be read on the way. Add sslmode=verify-full to the address.',
        },
      ]
    : []),
  ...(sight.latencyMs > slowMs
    ? [
        {
          code: 'SLOW' as const,
          detail: `The server takes ${sight.latencyMs} ms for the smallest answer. Everything waits for it: place it nearer.`,
        },
      ]
    : []),
  ...(sight.recorded.size > 0
    ? [{ code: 'NOT_EMPTY' as const, detail: 'The database holds a Guildhall already. It will be used as it is.' }]
    : []),
];

/** Where rights do not allow for more. */
export const oneRole: InstallationWarning = {
  code: 'ONE_ROLE',
  detail:
    'This user may not create roles and hand its rights to them, so that all services share it and could read each other’s tables. Give one with CREATEROLE that owns the database.',
};

const unseen: Omit<DatabaseReport, 'faults'> = {
  isUsable: false,
  engine: null,
  latencyMs: null,
  canCreateRoles: false,
  holds: 'unknown',
  warnings: [],
};

const look = async (testing: Testing, url: URL): Promise<DatabaseReport> => {
  try {
    const sight = await withSession(testing.databaseUrl, lookTimeoutMs, lookAt);
    const faults = faultsOf(sight, testing);
    const hasOwners = allowsOwners(sight, testing.queueUrl === undefined);
    return {
      isUsable: faults.length === 0,
      engine: { name: sight.engine.name, version: sight.engine.version },
      latencyMs: sight.latencyMs,
      canCreateRoles: hasOwners,
      holds: sight.recorded.size > 0 ? 'guildhall' : 'nothing',
      faults: [...faults],
      warnings: [...warningsOf(sight, url, hasOwners)],
    };
  } catch (error) {
    // Whoever talks the protocol and has no code to say is some other server.
    const isAnswered = error instanceof Error && codeOf(error) === '' && /neither PostgreSQL nor CockroachDB/.test(error.message);
    return { ...unseen, faults: [isAnswered ? faultOf('ENGINE_UNSUPPORTED') : faultOfError(error)] };
  }
};

/** Looks whether a database can be the shared one, within seconds, and changes nothing. Every fault is in the report. */
export const testDatabase = async (testing: Testing): Promise<DatabaseReport> => {
  const url = readDatabaseUrl(testing.databaseUrl);
  if (url === null) return { ...unseen, faults: [faultOf('SCHEME_UNSUPPORTED')] };
  const report = await look(testing, url);
  if (testing.queueUrl === undefined || (await isQueueThere(testing.queueUrl))) return report;
  return { ...report, isUsable: false, faults: [...report.faults, faultOf('QUEUE_UNREACHABLE')] };
};
