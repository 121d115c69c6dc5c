import { dirname, join } from 'node:path';
import { noIdentity, readSecret, readServiceIdentity, readText, type ServiceIdentity } from '@guildhall/principal';
import {
  databaseSchemes,
  httpSchemes,
  logLevels,
  readSettings,
  readTracing,
  type EnvironmentSettings,
  type IpNetwork,
  type LogLevel,
  type TracingSettings,
} from '@guildhall/http';
import { auditRepairs, type AuditLogRepairRequest, type ServiceName } from '@guildhall/contracts';
import { parseOutsideIssuers, type OutsideIssuer } from './core/admission/outside-issuers.ts';
import type { WitnessConfig } from './core/witness/witness.ts';

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Where traces are sent to; null: requests are not traced. */
  readonly tracing: TracingSettings | null;
  /** The issuer in access tokens, and the address at which clients reach this gateway. */
  readonly publicUrl: string;
  /** The issuers whose access tokens are taken beside auth's own; none when not set. */
  readonly outsideIssuers: readonly OutsideIssuer[];
  /** The SQLite file of settings and solo workspaces. */
  readonly dataFile: string;
  /** The 0600 file with the token of this machine's user, who owns the solo work. */
  readonly localTokenFile: string;
  /** True: whoever connects from this machine is its user, without the token. */
  readonly soloTrustsLoopback: boolean;
  /** Lets a scraper on another machine read /metrics. */
  readonly metricsToken: string | null;
  /** The networks of the proxies in front, whose `X-Forwarded-For` is believed; none for `none`; null: the setting is absent. */
  readonly trustedProxies: readonly IpNetwork[] | null;
  /** Origins of browser clients on other sites; none by default. */
  readonly corsOrigins: readonly string[];
  /** The folder of the built console. Without a build in it there is no console. */
  readonly consoleFolder: string;
  /** The services behind this gateway, all or none: with none it works solo only. */
  readonly services: Readonly<Record<ServiceName, string>> | null;
  /** False: everything goes to the services by HTTP. */
  readonly usesLane: boolean;
  /** The key pair of this process, and the public keys of the services; of no use without services. */
  readonly identity: ServiceIdentity;
  /** The built-in witness of audit logs. */
  readonly witness: WitnessConfig;
  /** Seals what is secret in the data file; null: a key file beside it does. */
  readonly encryptionKey: Uint8Array | null;
  /** The file for the setup token; null: it is only logged. */
  readonly setupTokenFile: string | null;
  readonly requestsPerMinuteMax: number;
  readonly signInsPerMinuteMax: number;
}

const solo = new Uint8Array();

/** The folder in which `make console` builds. */
const builtConsole = join(import.meta.dirname, '..', '..', '..', 'web', 'dist');

/** Reads the gateway's configuration. Throws an Error that names everything that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv): GatewayConfig => {
  const settings = readSettings(env);
  const urls = {
    auth: settings.address('AUTH_URL', httpSchemes),
    'team-resources': settings.address('TEAM_RESOURCES_URL', httpSchemes),
    audit: settings.address('AUDIT_URL', httpSchemes),
  };
  const services = settings.read(() => allOrNone(urls), null);
  const dataFile = settings.text('DATA_FILE');
  const publicUrl = publicUrlIn(settings);
  const config: GatewayConfig = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 4300, { min: 0, max: 65_535 }),
    logLevel: settings.oneOf('LOG_LEVEL', logLevels, 'info'),
    tracing: readTracing(settings),
    publicUrl,
    outsideIssuers: settings.read(() => parseOutsideIssuers(readText(env, 'OUTSIDE_ISSUERS') ?? '[]', publicUrl), []),
    dataFile,
    localTokenFile: settings.optional('LOCAL_TOKEN_FILE') ?? join(dirname(dataFile), 'local-token'),
    soloTrustsLoopback: settings.oneOf('SOLO_TRUST_LOOPBACK', ['true', 'false'], 'false') === 'true',
    metricsToken: settings.optional('METRICS_TOKEN'),
    trustedProxies: settings.networks('TRUSTED_PROXIES'),
    corsOrigins: settings.read(() => parseOrigins(settings.optional('CORS_ORIGINS') ?? ''), []),
    consoleFolder: settings.optional('CONSOLE_FOLDER') ?? builtConsole,
    services,
    usesLane: settings.oneOf('LANE', ['on', 'off'], 'on') === 'on',
    identity: services === null ? noIdentity : settings.read(() => readServiceIdentity(env, 'gateway'), noIdentity),
    encryptionKey: isSet(settings, 'ENCRYPTION_KEY') ? settings.read(() => readSecret(env, 'ENCRYPTION_KEY'), solo) : null,
    witness: {
      folder: settings.optional('WITNESS_FOLDER') ?? join(dirname(dataFile), 'witness'),
      name: settings.read(() => parseWitnessName(settings.text('WITNESS_NAME', 'guildhall-witness')), ''),
      logKeys: settings.read(() => parseLogKeys(settings.optional('WITNESS_LOGS') ?? ''), []),
    },
    setupTokenFile: settings.optional('SETUP_TOKEN_FILE'),
    requestsPerMinuteMax: settings.integer('REQUESTS_PER_MINUTE_MAX', 6_000, { min: 1, max: 100_000_000 }),
    signInsPerMinuteMax: settings.integer('SIGN_INS_PER_MINUTE_MAX', 60, { min: 1, max: 100_000_000 }),
  };
  settings.finish();
  return config;
};

/** The settings of the command that repairs the audit log. */
export interface RepairConfig {
  readonly auditUrl: string;
  readonly identity: ServiceIdentity;
  readonly witnessFolder: string;
  readonly what: AuditLogRepairRequest['what'];
  /** Why it is repaired; null: only show what would be done. */
  readonly reason: string | null;
}

/** Reads the configuration of a repair, from the settings of the gateway. Throws an Error that names everything that is missing or wrong. */
export const readRepairConfig = (env: NodeJS.ProcessEnv): RepairConfig => {
  const settings = readSettings(env);
  const config: RepairConfig = {
    auditUrl: settings.requiredAddress('AUDIT_URL', httpSchemes),
    identity: settings.read(() => readServiceIdentity(env, 'gateway'), noIdentity),
    witnessFolder: settings.optional('WITNESS_FOLDER') ?? join(dirname(settings.text('DATA_FILE')), 'witness'),
    what: settings.oneOf('REPAIR', auditRepairs, 'accept-log'),
    reason: settings.optional('REPAIR_REASON'),
  };
  settings.finish();
  return config;
};

/** The addresses by which roles are made. */
export interface RolesConfig {
  /** The address of one who may make roles and schemas. */
  readonly adminUrl: string;
  /** The address of each service: its role and its password. */
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
}

/** Reads what the command that makes roles needs. Throws an Error that names everything that is missing or wrong. */
export const readRolesConfig = (env: NodeJS.ProcessEnv): RolesConfig => {
  const settings = readSettings(env);
  const config = {
    adminUrl: settings.requiredAddress('DATABASE_URL', databaseSchemes),
    serviceUrls: {
      auth: settings.requiredAddress('AUTH_DATABASE_URL', databaseSchemes),
      'team-resources': settings.requiredAddress('TEAM_RESOURCES_DATABASE_URL', databaseSchemes),
      audit: settings.requiredAddress('AUDIT_DATABASE_URL', databaseSchemes),
    },
  };
  settings.finish();
  return config;
};

const publicUrlIn = (settings: EnvironmentSettings): string =>
  settings.address('PUBLIC_URL', httpSchemes) ?? 'http://localhost:4300';

const wordsIn = (list: string): readonly string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Origins as browsers send them (RFC 6454, section 6.1): with another letter case or a path behind it, none would ever match. */
const parseOrigins = (list: string): readonly string[] => {
  const origins = wordsIn(list);
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin || !/^https?:/.test(origin));
  if (wrong !== undefined)
    throw new Error(`CORS_ORIGINS must hold origins such as https://example.org, separated by commas: ${wrong} is none.`);
  return origins;
};

/** A name of a signed note (C2SP signed-note) has neither white space nor a plus sign. */
const parseWitnessName = (name: string): string => {
  if (!/^[^\s+]{1,200}$/u.test(name))
    throw new Error('WITNESS_NAME must be 1 to 200 characters without white space and plus signs.');
  return name;
};

const parseLogKeys = (list: string): readonly string[] => {
  const keys = wordsIn(list);
  const wrong = keys.find((key) => !/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/.test(key));
  if (wrong !== undefined) throw new Error(`WITNESS_LOGS must hold verifier keys, name+hash+base64: ${wrong} is none.`);
  return keys;
};

const isSet = (settings: EnvironmentSettings, name: string): boolean =>
  settings.optional(name) !== null || settings.optional(`${name}_FILE`) !== null;

const allOrNone = (urls: Record<ServiceName, string | null>): Record<ServiceName, string> | null => {
  const given = Object.values(urls).filter((url) => url !== null);
  if (given.length === 0) return null;
  const { auth, audit, 'team-resources': teamResources } = urls;
  if (auth === null || audit === null || teamResources === null) {
    throw new Error('AUTH_URL, TEAM_RESOURCES_URL and AUDIT_URL go together: give all three, or none to work solo.');
  }
  return { auth, 'team-resources': teamResources, audit };
};
