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
import { noIdentity, readSecret, readServiceIdentity, type ServiceIdentity } from '@guildhall/principal';

export interface TeamConfig {
  readonly host: string;
  readonly port: number;
  /** The bearer token of a metrics scraper on another machine; null: metrics are for this machine alone. */
  readonly metricsToken: string | null;
  readonly logLevel: LogLevel;
  /** Where traces are sent to; null: requests are not traced. */
  readonly tracing: TracingSettings | null;
  /** The key pair of this process, and the public keys of the others. */
  readonly identity: ServiceIdentity;
  /** The key that invite tokens are derived from. */
  readonly internalKey: Uint8Array;
  /** Null: no shared database is set up, a normal state. */
  readonly databaseUrl: string | null;
  /** Null: events stay in the outbox, a normal state. */
  readonly queueUrl: string | null;
  /** The URL at which audit confirms stored events. */
  readonly auditUrl: string;
  /** The URL at which auth confirms requests for mails; null: they stay in the outbox. */
  readonly authUrl: string | null;
  /** How long the activities of communities are kept. */
  readonly activityRetentionDays: number;
}

/** The retention of activities in days: the default is longer than metrics look back, which is 24 months. */
const activityRetentionDays = { default: 800, min: 31, max: 36_500 };
const portMax = 65_535;

/** Reads the configuration. Throws an Error that names everything that is missing or wrong. */
export const readConfig = (env: NodeJS.ProcessEnv): TeamConfig => {
  const settings = readSettings(env);
  const config: TeamConfig = {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.integer('PORT', 0, { min: 0, max: portMax }),
    metricsToken: settings.optional('METRICS_TOKEN'),
    logLevel: settings.oneOf('LOG_LEVEL', logLevels, 'info'),
    tracing: readTracing(settings),
    identity: settings.read(() => readServiceIdentity(env, 'team-resources'), noIdentity),
    internalKey: settings.read(() => readSecret(env, 'INTERNAL_KEY'), new Uint8Array()),
    databaseUrl: settings.address('DATABASE_URL', databaseSchemes),
    queueUrl: settings.address('QUEUE_URL', queueSchemes),
    auditUrl: settings.requiredAddress('AUDIT_URL', httpSchemes),
    authUrl: settings.address('AUTH_URL', httpSchemes),
    activityRetentionDays: settings.integer('ACTIVITY_RETENTION_DAYS', activityRetentionDays.default, activityRetentionDays),
  };
  settings.finish();
  return config;
};

/** The configuration of the rebuild of the copies of users. */
export interface RebuildConfig {
  readonly databaseUrl: string;
  readonly authUrl: string;
  readonly identity: ServiceIdentity;
}

/** Reads the configuration of the rebuild, from the settings of the service. Throws an Error that names everything that is missing or wrong. */
export const readRebuildConfig = (env: NodeJS.ProcessEnv): RebuildConfig => {
  const settings = readSettings(env);
  const config = {
    databaseUrl: settings.requiredAddress('DATABASE_URL', databaseSchemes),
    authUrl: settings.requiredAddress('AUTH_URL', httpSchemes),
    identity: settings.read(() => readServiceIdentity(env, 'team-resources'), noIdentity),
  };
  settings.finish();
  return config;
};
