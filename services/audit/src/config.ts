import { readSettings, type Settings } from '@guildhall/http';
import { readInternalKey, readSecret } from '@guildhall/principal';
import type { ForwardConfig } from './core/forward/forward-events.ts';

export interface AuditConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly internalKey: Uint8Array;
  /** Seals the key that checkpoints are signed with. */
  readonly encryptionKey: Uint8Array;
  /** What the log signs as; null: a name of its own. */
  readonly logOrigin: string | null;
  /** Null: no shared database is set up, a normal state. */
  readonly databaseUrl: string | null;
  /** Null: no events arrive, a normal state. */
  readonly queueUrl: string | null;
  /** Where to ask what still waits in an outbox; null: the status says that it is not known. */
  readonly authUrl: string | null;
  readonly teamResourcesUrl: string | null;
  /** Null: the audit trail is not forwarded. */
  readonly forward: ForwardConfig | null;
}

const portMax = 65_535;

/** Reads the configuration. Throws an Error that names everything that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv): AuditConfig => {
  const settings = readSettings(env);
  const optionalAddress = (name: string): string | null => {
    const address = settings.optional(name);
    return settings.read(() => mustBeAddress(name, address), null);
  };
  const config: AuditConfig = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 0, { min: 0, max: portMax }),
    logLevel: settings.text('LOG_LEVEL', 'info'),
    internalKey: settings.read(() => readInternalKey(env), new Uint8Array()),
    encryptionKey: settings.read(() => readSecret(env, 'ENCRYPTION_KEY'), new Uint8Array()),
    logOrigin: settings.read(() => mustBeOrigin(settings.optional('LOG_ORIGIN')), null),
    databaseUrl: settings.optional('DATABASE_URL'),
    queueUrl: settings.optional('QUEUE_URL'),
    authUrl: optionalAddress('AUTH_URL'),
    teamResourcesUrl: optionalAddress('TEAM_RESOURCES_URL'),
    forward: readForward(settings, env),
  };
  settings.finish();
  return config;
};

/** A name of a signed note (C2SP signed-note) has neither white space nor a plus sign. */
const mustBeOrigin = (origin: string | null): string | null => {
  if (origin !== null && !/^[^\s+]{1,200}$/u.test(origin))
    throw new Error('LOG_ORIGIN must be 1 to 200 characters without white space and plus signs.');
  return origin;
};

const mustBeAddress = (name: string, address: string | null): string | null => {
  if (address !== null && !/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    throw new Error(`${name} must be an address that begins with http:// or https://.`);
  }
  return address;
};

const readForward = (settings: Settings, env: NodeJS.ProcessEnv): ForwardConfig | null => {
  const url = settings.optional('FORWARD_URL');
  if (url === null) return null;
  return {
    url: settings.read(() => mustBeReceiver(url), ''),
    secret: settings.read(() => readSecret(env, 'FORWARD_SECRET'), new Uint8Array()),
    name: settings.read(() => mustBeCursorName(settings.text('FORWARD_NAME', 'webhook')), ''),
  };
};

/** What is in the address beside host, path and query would be sent to nobody, or be a password in plain sight. */
const mustBeReceiver = (url: string): string => {
  mustBeAddress('FORWARD_URL', url);
  const { username, password, hash } = new URL(url);
  if (username + password + hash !== '') throw new Error('FORWARD_URL must not hold a user, a password or a fragment.');
  return url;
};

const mustBeCursorName = (name: string): string => {
  if (!/^[a-z0-9-]{1,60}$/.test(name)) throw new Error('FORWARD_NAME must be 1 to 60 of a to z, 0 to 9 and -.');
  return name;
};
