import { join } from 'node:path';
import { compileCacheFolder } from './folders.ts';
import { encryptionKeyFile, ensureKeyFile } from './keys.ts';
import { ensureServiceKeys, serviceKeyFiles } from './service-keys.ts';
import { rotateLog } from './log-file.ts';
import { choosePort, portOrFail } from './ports.ts';
import { createServiceProcess, type ServiceProcess } from './service-process.ts';
import type { SharedDatabaseServer } from './shared-database.ts';
import type { StackOptions, StackServiceName } from './stack-options.ts';

export interface ServiceUrls {
  readonly gateway: string;
  readonly auth: string;
  readonly teamResources: string;
  readonly audit: string;
}

export interface Services {
  readonly urls: ServiceUrls;
  readonly all: readonly ServiceProcess[];
  get(name: StackServiceName): ServiceProcess;
}

type UrlOfService = Readonly<Record<StackServiceName, string>>;
export type ServiceEnvironment = Readonly<Record<string, string>>;

export interface EnvironmentParts extends Omit<StackOptions, 'databaseUrl' | 'queueUrl'> {
  readonly serviceUrls: UrlOfService;
  readonly logFolder: string;
  readonly mailFolder: string;
  readonly setupTokenFile: string;
}

export interface ServicesParts extends EnvironmentParts {
  /** Null: the gateway configures the services later. */
  readonly addresses: SharedDatabaseServer['addresses'];
  readonly onNote: (line: string) => void;
  readonly onProcess: (service: StackServiceName, pid: number, url: string) => void;
}

/** Settings of the person who starts the stack that services are given as they are. */
const passedOn = [
  'PATH',
  'LOG_LEVEL',
  'OIDC_PROVIDERS',
  'OIDC_PROVIDERS_FILE',
  'OUTSIDE_ISSUERS',
  'OUTSIDE_ISSUERS_FILE',
  'SECOND_FACTOR_ROLES',
  'SMTP_URL',
  'SMTP_ALLOW_PLAIN_TEXT',
  'MAIL_FROM',
  'BCRYPT_COST',
  'CORS_ORIGINS',
  'METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_HEADERS_FILE',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'REQUESTS_PER_MINUTE_MAX',
  'SIGN_INS_PER_MINUTE_MAX',
  'TRUSTED_PROXIES',
  'SOLO_TRUST_LOOPBACK',
];

/**
 * An address on this machine for each service. A taken port of the gateway is refused, since people and tokens name it;
 * that of another service is replaced, and said so.
 */
export const chooseUrls = async (
  ports: NonNullable<StackOptions['ports']>,
  onNote: (line: string) => void,
): Promise<UrlOfService> => {
  const urlOf = async (name: StackServiceName): Promise<string> => {
    const { port, note } = await choosePort(name, ports[name] ?? 0);
    if (note !== null) onNote(note);
    return `http://127.0.0.1:${port}`;
  };
  return {
    gateway: `http://127.0.0.1:${await portOrFail('gateway', 'GATEWAY_PORT', ports.gateway ?? 0)}`,
    auth: await urlOf('auth'),
    'team-resources': await urlOf('team-resources'),
    audit: await urlOf('audit'),
  };
};

/** The environment of each service; with its part of the shared database once that is known. */
export const environmentsOf = (
  parts: EnvironmentParts,
  addresses: SharedDatabaseServer['addresses'],
): Readonly<Record<StackServiceName, ServiceEnvironment>> => {
  const { dataFolder, serviceUrls, mailFolder, setupTokenFile } = parts;
  ensureServiceKeys(dataFolder);
  const common = commonEnvironment(parts);
  const environment = (name: StackServiceName, own: ServiceEnvironment): ServiceEnvironment => ({
    ...common,
    PORT: new URL(serviceUrls[name]).port,
    ...serviceKeyFiles(dataFolder, name),
    ...addressOf(name, addresses),
    ...own,
    ...parts.env,
  });
  const key = (name: string): string => ensureKeyFile(join(dataFolder, 'keys', name));
  // Whoever makes the first owner: auth where the database is told by environment, the gateway where it is not.
  const setupToken = { SETUP_TOKEN_FILE: setupTokenFile };
  return {
    auth: environment('auth', {
      ENCRYPTION_KEY_FILE: ensureKeyFile(encryptionKeyFile(dataFolder)),
      INTERNAL_KEY_FILE: key('internal'),
      MAIL_FOLDER: mailFolder,
      ...(addresses === null ? {} : setupToken),
    }),
    'team-resources': environment('team-resources', { INTERNAL_KEY_FILE: key('internal') }),
    audit: environment('audit', {
      ENCRYPTION_KEY_FILE: key('audit-encryption'),
      WITNESSES: `${serviceUrls.gateway}/witness`,
    }),
    gateway: environment('gateway', {
      DATA_FILE: join(dataFolder, 'solo', 'guildhall.sqlite'),
      LOCAL_TOKEN_FILE: join(dataFolder, 'keys', 'local-token'),
      ENCRYPTION_KEY_FILE: key('gateway-encryption'),
      ...(addresses === null ? setupToken : {}),
    }),
  };
};

/** The four services as processes that are not started yet, each with its own environment, log and port. */
export const createServices = (parts: ServicesParts): Services => {
  const { logFolder, serviceUrls: urls, onNote, onProcess } = parts;
  const environments = environmentsOf(parts, parts.addresses);
  const create = (name: StackServiceName): ServiceProcess => {
    const logFile = join(logFolder, `${name}.log`);
    rotateLog(logFile);
    const entry = join(import.meta.dirname, '..', '..', 'services', name, 'src', 'main.ts');
    const env = environments[name];
    const url = urls[name];
    return createServiceProcess({ name, entry, url, env, logFile, onNote, onProcess: (pid) => onProcess(name, pid, url) });
  };
  const byName = {
    auth: create('auth'),
    'team-resources': create('team-resources'),
    audit: create('audit'),
    gateway: create('gateway'),
  };
  return {
    urls: { gateway: urls.gateway, auth: urls.auth, teamResources: urls['team-resources'], audit: urls.audit },
    all: Object.values(byName),
    get: (name) => byName[name],
  };
};

/** The gateway knows no shared database but by its services. */
const addressOf = (name: StackServiceName, addresses: SharedDatabaseServer['addresses']): ServiceEnvironment => {
  if (name === 'gateway' || addresses === null) return {};
  const { databaseUrl, queueUrl } = addresses[name];
  return { DATABASE_URL: databaseUrl, QUEUE_URL: queueUrl };
};

const commonEnvironment = ({ serviceUrls: urls }: EnvironmentParts): ServiceEnvironment => ({
  ...Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  HOST: '127.0.0.1',
  // By name: a passkey is for a name, and an address of numbers has none.
  PUBLIC_URL: urls.gateway.replace('127.0.0.1', 'localhost'),
  AUTH_URL: urls.auth,
  TEAM_RESOURCES_URL: urls['team-resources'],
  AUDIT_URL: urls.audit,
  NODE_COMPILE_CACHE: compileCacheFolder,
});
