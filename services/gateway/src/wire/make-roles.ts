import { setTimeout as pause } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@guildhall/contracts';
import type { RolesConfig } from '../config.ts';
import { prepareDatabase } from '../installer/prepare-database.ts';
import { codeOf } from '../installer/session.ts';

const waitMs = 180_000;
const pauseMs = 1_000;
/** No address as yet, nobody listens, the server starts (PostgreSQL, appendix A), the database is not there yet. */
const soon = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03', '3D000']);

interface Role {
  readonly name: string;
  readonly password: string;
}

const roleIn = (url: string): Role => {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
};

/**
 * Makes a role for each service by the administrator's address, with the password of the service's own address, and its
 * schema; yields a line for each. Waits three minutes for the database. Throws when an address names another role than the
 * service's, and when the administrator may not make roles: services never share one here.
 */
export async function* makeRoles({ adminUrl, serviceUrls }: RolesConfig): AsyncGenerator<string> {
  const given = serviceNames.map((service): readonly [ServiceName, Role] => [service, roleIn(serviceUrls[service])]);
  const passwords = new Map(given.map(([, { name, password }]) => [name, password]));
  const passwordOf = (role: string): string => {
    const password = passwords.get(role);
    if (password === undefined) throw new Error(`No service's address names the role ${role}.`);
    return password;
  };
  // The queue's address is not used: events are not in this database.
  const prepare = () => prepareDatabase({ databaseUrl: adminUrl, queueUrl: 'redis://queue', passwordOf });
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      const { warnings } = await prepare();
      if (warnings.length > 0) throw new Error(warnings.map(({ detail }) => detail).join(' '));
      break;
    } catch (error) {
      if (!soon.has(codeOf(error)) || performance.now() > until) throw error;
      yield `The database does not answer yet (${codeOf(error)}).`;
      await pause(pauseMs);
    }
  }
  for (const [service, { name }] of given) yield `${service}: role ${name} owns its schema`;
}
