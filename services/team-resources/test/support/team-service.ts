import { randomUUID } from 'node:crypto';
import type { SharedDatabase } from '@guildhall/db';
import { startService } from '@guildhall/testkit/service';
import { expect } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { storesOn } from '../../src/store/stores.ts';
import { start } from '../../src/wire.ts';

export interface User {
  readonly userId: string;
  readonly displayName: string;
  readonly email: string;
}

export interface Reply {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: unknown;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly key?: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface TeamService {
  readonly url: string;
  readonly databaseUrl: string;
  /** The test's own connections to the service's tables. */
  readonly tables: SharedDatabase;
  /** The lines of its log, the newest last. */
  readonly lines: readonly string[];
  /** Sends a request as a user, as the gateway would. */
  as(user: User): (method: Method, path: string, options?: SendOptions) => Promise<Reply>;
  /** The headers by which the gateway says that a user calls. */
  headersOf(user: User): Promise<Readonly<Record<string, string>>>;
  /** Sends a request as another service of the installation. */
  asService(method: Method, path: string, options?: SendOptions): Promise<Reply>;
  /** Sends a request with these headers and nothing else. */
  send(method: Method, path: string, headers: Readonly<Record<string, string>>, options?: SendOptions): Promise<Reply>;
  close(): Promise<void>;
}

export const newUser = (name = 'Ada'): User => {
  const userId = randomUUID();
  return { userId, displayName: name, email: `${name.toLowerCase()}.${userId}@example.org` };
};

export interface TeamServiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isConfigured?: boolean;
  /** Events travel by a queue in the same database. */
  readonly hasQueue?: boolean;
  /** Default: the service's own stores on its database. */
  readonly createStores?: typeof storesOn;
}

/** The service alone, on a database of its own. */
export const startFixture = ({ env = {}, isConfigured = true, hasQueue = false, createStores }: TeamServiceOptions = {}) =>
  startService({
    service: 'team-resources',
    readConfig,
    start: (config, log) => start(config, log, createStores),
    isConfigured,
    env: (databaseUrl) => ({
      AUDIT_URL: 'http://127.0.0.1:9',
      ...(databaseUrl === null || !hasQueue ? {} : { QUEUE_URL: databaseUrl }),
      ...env,
    }),
  });

/** Starts the service with a client that sends requests as users. */
export const startTeamService = async (given: TeamServiceOptions = {}): Promise<TeamService> => {
  const service = await startFixture(given);
  const send: TeamService['send'] = async (method, path, headers, { body, ifMatch, key } = {}) => {
    const answer = await service.ask(method, path, {
      body,
      headers: {
        ...headers,
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    });
    return { status: answer.status, etag: answer.headers.get('etag') ?? undefined, body: answer.body ?? undefined };
  };
  return {
    url: service.url,
    databaseUrl: service.database?.url ?? '',
    tables: service.tables,
    lines: service.lines,
    send,
    headersOf: (user) => service.asPrincipal({ ...user, permissions: [] }),
    as: (user) => async (method, path, options) => {
      const principal = { ...user, permissions: ['community:create'], userAgent: 'test' };
      return await send(method, path, await service.asPrincipal(principal), options);
    },
    asService: async (method, path, options) => await send(method, path, await service.asService(), options),
    close: service.close,
  };
};

export const problem = (status: number, code: string, detail: unknown = expect.any(String)) => ({
  status,
  etag: undefined,
  body: { type: 'about:blank', title: expect.any(String), status, code, detail, requestId: expect.any(String) },
});
export const noSuch = (noun: string) => problem(404, 'NOT_FOUND', `There is no such ${noun}.`);
export const done: Reply = { status: 204, etag: undefined, body: undefined };
export const stale = (current: number) =>
  problem(412, 'VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);
