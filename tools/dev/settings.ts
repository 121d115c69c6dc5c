import { unknownSettings } from '@guildhall/http';
import { readConfig as readAudit } from '../../services/audit/src/config.ts';
import { readConfig as readAuth } from '../../services/auth/src/config.ts';
import { readConfig as readGateway } from '../../services/gateway/src/config.ts';
import { readConfig as readTeam } from '../../services/team-resources/src/config.ts';
import { testDatabase } from '../../services/gateway/src/installer/test-database.ts';
import { environmentsOf, type EnvironmentParts } from './services.ts';

/** Throws an Error for a name that was meant for a setting and is none: the services are given the known ones alone, so that they could not tell. */
export const refuseUnknownSettings = (env: NodeJS.ProcessEnv): void => {
  const faults = unknownSettings(Object.keys(env));
  if (faults.length > 0) throw new Error(faults.join('\n'));
};

/** The reader of the configuration of each service. */
export const settingReaders = { auth: readAuth, 'team-resources': readTeam, audit: readAudit, gateway: readGateway };

/**
 * Reads the settings as each service will. Throws an Error that names the ones that are wrong, before a service, a
 * database or a migration has begun.
 */
export const checkSettings = (parts: EnvironmentParts & { readonly queueUrl?: string | undefined }): void => {
  const environments = environmentsOf(parts, null);
  const queue: Record<string, string> = parts.queueUrl === undefined ? {} : { QUEUE_URL: parts.queueUrl };
  settingReaders.gateway({ ...environments.gateway });
  for (const name of ['auth', 'team-resources', 'audit'] as const) settingReaders[name]({ ...environments[name], ...queue });
};

const settingOf = (code: string): string => (code.startsWith('QUEUE') ? 'QUEUE_URL' : 'DATABASE_URL');
const isRedis = (url: string | undefined): url is string => url !== undefined && /^rediss?:/.test(url);

/**
 * Checks whether a database can be the shared one and whether the queue answers, with the test and the words of the
 * installation. Throws an Error that lists every fault; changes nothing.
 */
export const checkServers = async (databaseUrl: string, queueUrl: string | undefined): Promise<void> => {
  const queue = isRedis(queueUrl) ? { queueUrl } : {};
  const { faults } = await testDatabase({ databaseUrl, ...queue, migrationsExpected: {} });
  if (faults.length > 0) {
    throw new Error(faults.map(({ code, detail }) => `${settingOf(code)} cannot be used (${code}). ${detail}`).join('\n'));
  }
};
