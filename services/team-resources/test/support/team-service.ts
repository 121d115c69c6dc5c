import { randomUUID } from 'node:crypto';
import { createLog } from '@guildhall/http';
import { createInternalSigner, principalHeader, serviceHeader } from '@guildhall/principal';
import { catchLog, freshDatabase, internalKey, waitFor } from '@guildhall/testkit';
import { Pool } from 'undici';
import { expect } from 'vitest';
import type { TeamConfig } from '../../src/config.ts';
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

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface TeamService {
  readonly url: string;
  readonly databaseUrl: string;
  /** Sends a request as a user, as the gateway would. */
  as(user: User): (method: Method, path: string, options?: SendOptions) => Promise<Reply>;
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

export const configWith = (changes: Partial<TeamConfig>): TeamConfig => ({
  host: '127.0.0.1',
  port: 0,
  logLevel: 'silent',
  internalKey,
  databaseUrl: null,
  queueUrl: null,
  auditUrl: 'http://127.0.0.1:9',
  ...changes,
});

const now = (): Date => new Date();
const connectionsMax = 64;

/** The service as a process would run it, on the given database. */
export const startOn = async (
  databaseUrl: string | null,
  close: () => Promise<void>,
  changes: Partial<TeamConfig> = {},
): Promise<TeamService> => {
  const running = await start(
    configWith({ databaseUrl, ...changes }),
    createLog({ service: 'team-resources', level: 'info' }, catchLog('team-resources').stream),
  );
  const pool = new Pool(running.url, { connections: connectionsMax });
  const gateway = createInternalSigner({ key: internalKey, issuer: 'gateway', now });
  const send: TeamService['send'] = async (method, path, headers, { body, ifMatch, key } = {}) => {
    const response = await pool.request({
      method,
      path,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    const etag = response.headers['etag'];
    return {
      status: response.statusCode,
      etag: typeof etag === 'string' ? etag : undefined,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return {
    url: running.url,
    databaseUrl: databaseUrl ?? '',
    send,
    as: (user) => async (method, path, options) => {
      const principal = {
        ...user,
        sessionId: randomUUID(),
        permissions: ['community:create'],
        ip: '203.0.113.7',
        userAgent: 'test',
      };
      return await send(method, path, { [principalHeader]: await gateway.signPrincipal(principal, 'team-resources') }, options);
    },
    asService: async (method, path, options) =>
      await send(method, path, { [serviceHeader]: await gateway.signService('team-resources') }, options),
    close: async () => {
      await pool.close();
      await running.close();
      await close();
    },
  };
};

/** The service alone with a database of its own, ready. */
export const startTeamService = async (): Promise<TeamService> => {
  const fresh = await freshDatabase({ services: ['team-resources'] });
  const service = await startOn(fresh.url, () => fresh.drop());
  await waitFor(async () => (await service.send('GET', '/readyz', {})).status === 200, { what: 'team-resources to be ready' });
  return service;
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
