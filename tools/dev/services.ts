import { join } from 'node:path';
import { compileCacheFolder } from './folders.ts';
import { ensureKeyFile } from './keys.ts';
import { rotateLog } from './log-file.ts';
import { choosePort } from './ports.ts';
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

export interface ServicesParts extends Omit<StackOptions, 'databaseUrl' | 'queueUrl'> {
  /** Null: the gateway tells the services later. */
  readonly addresses: SharedDatabaseServer['addresses'];
  readonly logFolder: string;
  readonly mailFolder: string;
  readonly setupTokenFile: string;
  readonly onNote: (line: string) => void;
  readonly onProcess: (service: StackServiceName, pid: number) => void;
}

/** Settings of the person who starts the stack that services are given as they are. */
const passedOn = [
  'PATH',
  'LOG_LEVEL',
  'SMTP_URL',
  'MAIL_FROM',
  'BCRYPT_COST',
  'CORS_ORIGINS',
  'METRICS_TOKEN',
  'REQUESTS_PER_MINUTE_MAX',
  'SIGN_INS_PER_MINUTE_MAX',
];

/** The four services as processes that are not started yet, each with its own environment, log and port. */
export const createServices = async (parts: ServicesParts): Promise<Services> => {
  const { dataFolder, logFolder, ports = {}, onNote, onProcess } = parts;
  const urlOf = async (name: StackServiceName): Promise<string> => {
    const { port, note } = await choosePort(name, ports[name] ?? 0);
    if (note !== null) onNote(note);
    return `http://127.0.0.1:${port}`;
  };
  const urls = {
    auth: await urlOf('auth'),
    'team-resources': await urlOf('team-resources'),
    audit: await urlOf('audit'),
    gateway: await urlOf('gateway'),
  };
  const common = commonEnvironment(parts, urls);
  const own: Record<StackServiceName, Record<string, string>> = {
    auth: {
      ENCRYPTION_KEY_FILE: ensureKeyFile(join(dataFolder, 'keys', 'encryption')),
      MAIL_FOLDER: parts.mailFolder,
      // Whoever makes the first owner: auth where the database is told by environment, the gateway where it is not.
      ...(parts.addresses === null ? {} : { SETUP_TOKEN_FILE: parts.setupTokenFile }),
    },
    'team-resources': {},
    audit: { ENCRYPTION_KEY_FILE: ensureKeyFile(join(dataFolder, 'keys', 'audit-encryption')) },
    gateway: {
      DATA_FILE: join(dataFolder, 'solo', 'guildhall.sqlite'),
      LOCAL_TOKEN_FILE: join(dataFolder, 'keys', 'local-token'),
      ENCRYPTION_KEY_FILE: ensureKeyFile(join(dataFolder, 'keys', 'gateway-encryption')),
      ...(parts.addresses === null ? { SETUP_TOKEN_FILE: parts.setupTokenFile } : {}),
    },
  };
  const create = (name: StackServiceName): ServiceProcess => {
    const logFile = join(logFolder, `${name}.log`);
    rotateLog(logFile);
    const entry = join(import.meta.dirname, '..', '..', 'services', name, 'src', 'main.ts');
    const env = { ...common, PORT: new URL(urls[name]).port, ...addressOf(name, parts.addresses), ...own[name], ...parts.env };
    return createServiceProcess({ name, entry, url: urls[name], env, logFile, onNote, onProcess: (pid) => onProcess(name, pid) });
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
const addressOf = (name: StackServiceName, addresses: ServicesParts['addresses']): Record<string, string> => {
  if (name === 'gateway' || addresses === null) return {};
  const { databaseUrl, queueUrl } = addresses[name];
  return { DATABASE_URL: databaseUrl, QUEUE_URL: queueUrl };
};

const commonEnvironment = ({ dataFolder }: ServicesParts, urls: Record<StackServiceName, string>): Record<string, string> => ({
  ...Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  HOST: '127.0.0.1',
  INTERNAL_KEY_FILE: ensureKeyFile(join(dataFolder, 'keys', 'internal')),
  PUBLIC_URL: urls.gateway,
  AUTH_URL: urls.auth,
  TEAM_RESOURCES_URL: urls['team-resources'],
  AUDIT_URL: urls.audit,
  NODE_COMPILE_CACHE: compileCacheFolder,
});
