import type { DatabaseReport, DatabaseState, ServiceName } from '@guildhall/contracts';
import type { CreateInstaller } from '../../src/wire/installer.ts';
import { problem } from './internal-client.ts';

interface Place {
  readonly configurationId: string;
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

/** The database links of three stand-in services, which the gateway configures. */
export interface Attachments {
  readonly places: Record<ServiceName, Place | null>;
  /** The calls that each service received, in order. */
  readonly told: string[];
  readonly owners: string[];
  /** While it is not resolved, nobody is ready. */
  held: boolean;
  stateOf(service: ServiceName): DatabaseState;
  /** Undefined for what is none of its routes. */
  answer(service: ServiceName, method: string, path: string, body: string): [number, unknown] | undefined;
}

export const createAttachments = (): Attachments => {
  const stateOf = (service: ServiceName): DatabaseState => {
    const place = attachments.places[service];
    return {
      source: place === null ? null : 'installation',
      configurationId: place?.configurationId ?? null,
      status: place === null ? 'not_configured' : attachments.held ? 'connecting' : 'ready',
      migrations: place === null ? null : { applied: 3, pending: 0 },
      fault: null,
    };
  };
  const attachments: Attachments = {
    places: { auth: null, 'team-resources': null, audit: null },
    told: [],
    owners: [],
    held: false,
    stateOf,
    answer(service, method, path, body) {
      if (path === '/internal/owner') {
        if (attachments.places.auth === null) return [503, problem(503, 'NOT_CONFIGURED')];
        if (method === 'GET') return [200, { hasOwner: attachments.owners.length > 0 }];
        attachments.owners.push((JSON.parse(body) as { email: string }).email);
        return [200, { isNew: true }];
      }
      if (path !== '/internal/database') return undefined;
      if (method !== 'GET') attachments.told.push(`${method} ${service}`);
      if (method === 'PUT') attachments.places[service] = JSON.parse(body) as Place;
      if (method === 'DELETE') attachments.places[service] = null;
      return [method === 'PUT' ? 202 : 200, stateOf(service)];
    },
  };
  return attachments;
};

export const report: DatabaseReport = {
  isUsable: true,
  engine: { name: 'PostgreSQL', version: '18.1' },
  latencyMs: 0.5,
  canCreateRoles: true,
  holds: 'nothing',
  faults: [],
  warnings: [{ code: 'NO_TLS', detail: 'The connection is not encrypted.' }],
};

const databaseKeyOf = (service: ServiceName) => ({
  databaseUrl: `postgres://${service}:role-secret@db.example/guildhall`,
  queueUrl: 'redis://:queue-secret@queue.example',
});

/** An installer that finds every database good, and gives each service a role of its own. */
export const easyInstaller: CreateInstaller = () => ({
  testDatabase: async () => report,
  prepareDatabase: async () => {
    const urls = {
      auth: databaseKeyOf('auth'),
      'team-resources': databaseKeyOf('team-resources'),
      audit: databaseKeyOf('audit'),
    };
    return { urls, warnings: [] };
  },
});
