import {
  databaseSchemes,
  httpSchemes,
  logLevels,
  queueSchemes,
  readSettings,
  readTracing,
  type LogLevel,
  type TracingSettings,
} from '@guildhall/http';
import { noIdentity, readSecret, readServiceIdentity, readText, type ServiceIdentity } from '@guildhall/principal';
import { parseProviders, type ProviderSettings } from './core/provider-settings.ts';
import { registrationModes, type RegistrationMode } from './core/register.ts';

export interface AuthConfig {
  readonly host: string;
  readonly port: number;
  /** The bearer token of a metrics scraper on another machine; null: metrics are for this machine alone. */
  readonly metricsToken: string | null;
  readonly logLevel: LogLevel;
  /** Where traces are sent to; null: requests are not traced. */
  readonly tracing: TracingSettings | null;
  /** The key pair of this process, and the public keys of the others. */
  readonly identity: ServiceIdentity;
  /** Encrypts signing keys and queued mails, and keys the hashes of codes. */
  readonly encryptionKey: Uint8Array;
  /** The key that invite tokens are derived from, for the links in mails. */
  readonly internalKey: Uint8Array;
  /** Null: no shared database is set up, a normal state. */
  readonly databaseUrl: string | null;
  /** Null: events stay in the outbox, a normal state. */
  readonly queueUrl: string | null;
  /** The URL at which audit confirms published events; null: events stay in the outbox. */
  readonly auditUrl: string | null;
  readonly teamResourcesUrl: string | null;
  /** The issuer in access tokens. */
  readonly publicUrl: string;
  readonly mail: MailConfig;
  /** Who may register. */
  readonly registration: RegistrationMode;
  /** The global roles whose holders must have a second factor. */
  readonly secondFactorRoles: readonly string[];
  /** The identity providers at which users may sign in. */
  readonly providers: readonly ProviderSettings[];
  /** log2 of bcrypt's rounds. */
  readonly bcryptCost: number;
  /** The file into which the setup token is also written, with mode 0600; null: it is only logged. */
  readonly setupTokenFile: string | null;
}

export type MailConfig = { readonly from: string } & (
  | {
      readonly kind: 'smtp';
      readonly url: string;
      /** Sends also to a server on another machine that does not speak TLS. */
      readonly allowsPlainText?: true;
    }
  | { readonly kind: 'folder'; readonly folder: string }
);

/** log2 of bcrypt's rounds. */
export const bcryptCost = { default: 12, min: 4, max: 15 };
/** The least that passwords of people should cost (OWASP Password Storage Cheat Sheet); tests take less. */
export const bcryptCostFloor = 10;
const noKey = new Uint8Array();

/** Reads the configuration. Throws an Error that names everything that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv): AuthConfig => {
  const settings = readSettings(env);
  const smtpUrl = settings.address('SMTP_URL', ['smtp', 'smtps']);
  const mailFolder = settings.optional('MAIL_FOLDER');
  const allowsPlainText = settings.oneOf('SMTP_ALLOW_PLAIN_TEXT', ['true', 'false'], 'false') === 'true';
  const from = settings.text('MAIL_FROM', 'Guildhall <guildhall@localhost>');
  const config: AuthConfig = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 0, { min: 0, max: 65_535 }),
    metricsToken: settings.optional('METRICS_TOKEN'),
    logLevel: settings.oneOf('LOG_LEVEL', logLevels, 'info'),
    tracing: readTracing(settings),
    identity: settings.read(() => readServiceIdentity(env, 'auth'), noIdentity),
    encryptionKey: settings.read(() => readSecret(env, 'ENCRYPTION_KEY'), noKey),
    internalKey: settings.read(() => readSecret(env, 'INTERNAL_KEY'), noKey),
    databaseUrl: settings.address('DATABASE_URL', databaseSchemes),
    queueUrl: settings.address('QUEUE_URL', queueSchemes),
    auditUrl: settings.address('AUDIT_URL', httpSchemes),
    teamResourcesUrl: settings.address('TEAM_RESOURCES_URL', httpSchemes),
    publicUrl: settings.requiredAddress('PUBLIC_URL', httpSchemes),
    mail: settings.read(() => readMail(from, smtpUrl, mailFolder, allowsPlainText), { kind: 'folder', folder: '', from }),
    registration: settings.oneOf('REGISTRATION', registrationModes, 'open'),
    secondFactorRoles: settings.read(() => readRoles(settings.optional('SECOND_FACTOR_ROLES')), []),
    providers: settings.read(() => parseProviders(readText(env, 'OIDC_PROVIDERS') ?? '[]'), []),
    bcryptCost: settings.integer('BCRYPT_COST', bcryptCost.default, bcryptCost),
    setupTokenFile: settings.optional('SETUP_TOKEN_FILE'),
  };
  settings.finish();
  return config;
};

/** The settings of the command that rotates the signing keys. */
export type RotateConfig = Pick<AuthConfig, 'encryptionKey'> & { readonly databaseUrl: string };

/** Reads the configuration of the rotation, from the settings of the service. Throws an Error that names everything that is missing or wrong. */
export const readRotateConfig = (env: NodeJS.ProcessEnv): RotateConfig => {
  const settings = readSettings(env);
  const config = {
    databaseUrl: settings.requiredAddress('DATABASE_URL', databaseSchemes),
    encryptionKey: settings.read(() => readSecret(env, 'ENCRYPTION_KEY'), noKey),
  };
  settings.finish();
  return config;
};

/** Role names, with commas between them. */
const readRoles = (text: string | null): readonly string[] => {
  const roles = (text ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const wrong = roles.filter((role) => !/^[a-z][a-z-]{0,39}$/.test(role));
  if (wrong.length > 0)
    throw new Error('SECOND_FACTOR_ROLES must be names of roles with commas between them, such as owner,admin.');
  return roles;
};

const readMail = (from: string, url: string | null, folder: string | null, allowsPlainText: boolean): MailConfig => {
  if (url !== null) return { kind: 'smtp', url, from, ...(allowsPlainText ? { allowsPlainText } : {}) };
  if (folder !== null) return { kind: 'folder', folder, from };
  throw new Error('SMTP_URL or MAIL_FOLDER is missing: without a way to send mails nobody can confirm an address.');
};
