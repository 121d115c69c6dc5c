import {
  databaseSchemes,
  httpSchemes,
  logLevels,
  queueSchemes,
  readSettings,
  readTracing,
  type LogLevel,
  type TracingSettings,
  type EnvironmentSettings,
} from '@guildhall/http';
import { noIdentity, readSecret, readServiceIdentity, type ServiceIdentity } from '@guildhall/principal';
import type { WitnessAddress } from './core/log/checkpoints.ts';
import type { ForwardConfig } from './core/forward/forward-events.ts';

export interface AuditConfig {
  readonly host: string;
  readonly port: number;
  /** The bearer token of a metrics scraper on another machine; null: metrics are for this machine alone. */
  readonly metricsToken: string | null;
  readonly logLevel: LogLevel;
  /** Where traces are sent to; null: requests are not traced. */
  readonly tracing: TracingSettings | null;
  /** The key pair of this process, and the public keys of the others. */
  readonly identity: ServiceIdentity;
  /** Seals the key that checkpoints are signed with. */
  readonly encryptionKey: Uint8Array;
  /** The name under which checkpoints are signed; null: a random one. */
  readonly logOrigin: string | null;
  /** The witnesses that must cosign each checkpoint; none: nobody outside the database remembers the log. */
  readonly witnesses: readonly WitnessAddress[];
  /** Null: no shared database is set up, a normal state. */
  readonly databaseUrl: string | null;
  /** Null: no events arrive, a normal state. */
  readonly queueUrl: string | null;
  /** The addresses of services with an outbox; null: the status says that its depth is not known. */
  readonly authUrl: string | null;
  readonly teamResourcesUrl: string | null;
  /** The fewest days that events are kept, whatever the retention policy says; recent role changes and sessions cannot be redacted. */
  readonly keepDaysMin: number;
  /** The most leaves that the background check of the whole log reads in a second, and the pause between two checks. */
  readonly checkLeavesPerSecond: number;
  readonly checkEverySeconds: number;
  /** Null: the audit trail is not forwarded. */
  readonly forward: ForwardConfig | null;
}

const portMax = 65_535;
const keepDaysMinDefault = 30;
const keepDaysMax = 36_500;

/** Reads the configuration. Throws an Error that names everything that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv): AuditConfig => {
  const settings = readSettings(env);
  const config: AuditConfig = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 0, { min: 0, max: portMax }),
    metricsToken: settings.optional('METRICS_TOKEN'),
    logLevel: settings.oneOf('LOG_LEVEL', logLevels, 'info'),
    tracing: readTracing(settings),
    identity: settings.read(() => readServiceIdentity(env, 'audit'), noIdentity),
    encryptionKey: settings.read(() => readSecret(env, 'ENCRYPTION_KEY'), new Uint8Array()),
    logOrigin: settings.read(() => parseOrigin(settings.optional('LOG_ORIGIN')), null),
    witnesses: settings.read(() => parseWitnesses(settings.optional('WITNESSES') ?? ''), []),
    databaseUrl: settings.address('DATABASE_URL', databaseSchemes),
    queueUrl: settings.address('QUEUE_URL', queueSchemes),
    authUrl: settings.address('AUTH_URL', httpSchemes),
    teamResourcesUrl: settings.address('TEAM_RESOURCES_URL', httpSchemes),
    keepDaysMin: settings.integer('AUDIT_KEEP_DAYS_MIN', keepDaysMinDefault, { min: 0, max: keepDaysMax }),
    checkLeavesPerSecond: settings.integer('AUDIT_CHECK_LEAVES_PER_SECOND', 2_000, { min: 1, max: 1_000_000 }),
    checkEverySeconds: settings.integer('AUDIT_CHECK_EVERY_SECONDS', 600, { min: 1, max: 86_400 }),
    forward: readForward(settings, env),
  };
  settings.finish();
  return config;
};

/** A name of a signed note (C2SP signed-note) has neither white space nor a plus sign. */
const parseOrigin = (origin: string | null): string | null => {
  if (origin !== null && !/^[^\s+]{1,200}$/u.test(origin))
    throw new Error('LOG_ORIGIN must be 1 to 200 characters without white space and plus signs.');
  return origin;
};

/** Witnesses, separated by commas: each an address, with a verifier key behind it if it is not to be asked for its own. */
const parseWitnesses = (list: string): readonly WitnessAddress[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [url = '', key = null, ...more] = entry.split(/\s+/);
      if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '') || more.length > 0)
        throw new Error(
          `WITNESSES must hold addresses, each with a key behind it or none, separated by commas: ${entry} is none.`,
        );
      return { url: url.replace(/\/$/, ''), key };
    });

const readForward = (settings: EnvironmentSettings, env: NodeJS.ProcessEnv): ForwardConfig | null => {
  const url = settings.address('FORWARD_URL', httpSchemes);
  if (url === null) return null;
  return {
    url: settings.read(() => parseReceiver(url), ''),
    secret: settings.read(() => readSecret(env, 'FORWARD_SECRET'), new Uint8Array()),
    name: settings.read(() => parseCursorName(settings.text('FORWARD_NAME', 'webhook')), ''),
  };
};

/** Host names of this machine, as `URL` writes them (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Throws an Error unless the address is https, or http on this machine; also for a user, a password or a fragment, which a request does not carry. */
const parseReceiver = (url: string): string => {
  const { protocol, hostname = '', username = '', password = '', hash = '' } = URL.parse(url) ?? {};
  if (protocol === 'http:' && !loopback.test(hostname))
    throw new Error(
      'FORWARD_URL must begin with https://: the whole trail is sent there. Only this machine itself may be http://.',
    );
  if (username + password + hash !== '') throw new Error('FORWARD_URL must not hold a user, a password or a fragment.');
  return url;
};

const parseCursorName = (name: string): string => {
  if (!/^[a-z0-9-]{1,60}$/.test(name)) throw new Error('FORWARD_NAME must be 1 to 60 of a to z, 0 to 9 and -.');
  return name;
};
