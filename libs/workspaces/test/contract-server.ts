import { createHash, randomUUID } from 'node:crypto';
import type { CommunityPermission, ControlMFolder, Script, Workspace } from '@guildhall/contracts';
import { createHttpServer, createLog, createMetrics } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import {
  createAnalyser,
  createTextComparer,
  sharedEndpoints,
  soloEndpoints,
  type SaveWrite,
  type WorkspaceStore,
  type Write,
} from '../src/index.ts';

/** A store as the contract takes it: somewhere to create in, and someone who owns that. */
export interface StoreUnderTest {
  readonly store: WorkspaceStore;
  readonly userId: string;
  /** Their name, as the store knows it; the solo store knows none. */
  readonly displayName: string;
  /** Null for a solo store. */
  readonly communityId: string | null;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: unknown;
}

export type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  options?: { readonly body?: object; readonly ifMatch?: number; readonly key?: string },
) => Promise<Reply>;

export const serverOver = ({ store, userId, displayName, communityId }: StoreUnderTest): FastifyInstance => {
  const app = createHttpServer({
    log: createLog({ service: 'contract', level: 'silent' }),
    metrics: createMetrics('contract'),
    readiness: () => ({ isReady: true }),
  });
  const [comparer, analyser] = [createTextComparer(), createAnalyser()];
  app.addHook('onClose', async () => {
    await comparer.close();
    await analyser.close();
  });
  const parts = {
    store,
    compareTexts: comparer.compare,
    analyse: analyser.analyse,
    newId: randomUUID,
    now: () => new Date(),
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    recordDenial: async () => {},
    service: 'contract',
  };
  const caller = { userId, displayName, actor: { type: 'user', id: userId } } as const;
  const endpoints = communityId === null ? soloEndpoints(parts) : sharedEndpoints(parts);
  for (const endpoint of endpoints) endpoint.register(app, { access: { kind: 'public' }, callerOf: () => caller });
  return app;
};

const senderOn =
  (app: FastifyInstance): Send =>
  async (method, url, { body, ifMatch, key } = {}) => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const etag = reply.headers['etag'];
    return {
      status: reply.statusCode,
      etag: typeof etag === 'string' ? etag : undefined,
      body: reply.body === '' ? undefined : (JSON.parse(reply.body) as unknown),
    };
  };

export interface ByteReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

/** Sends bytes of a media type, and gives back the answer in bytes. */
export type SendBytes = (
  method: 'GET' | 'PUT',
  url: string,
  options?: { readonly bytes: Buffer; readonly mediaType: string; readonly ifMatch: number },
) => Promise<ByteReply>;

const byteSenderOn =
  (app: FastifyInstance): SendBytes =>
  async (method, url, options) => {
    const sent =
      options === undefined
        ? {}
        : { headers: { 'content-type': options.mediaType, 'if-match': `"${options.ifMatch}"` }, payload: options.bytes };
    const reply = await app.inject({ method, url, ...sent });
    return { status: reply.statusCode, headers: reply.headers, bytes: reply.rawPayload };
  };

/** Sends a body as it is written, and gives back the answer as it is written. */
export type SendText = (
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  text?: string,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly text: string }>;

/** Sends bytes as the body of a POST. */
export type SendMedia = (
  url: string,
  bytes: Buffer,
  mediaType: string,
) => Promise<{ readonly status: number; readonly text: string }>;

const mediaSenderOn =
  (app: FastifyInstance): SendMedia =>
  async (url, bytes, mediaType) => {
    const reply = await app.inject({ method: 'POST', url, headers: { 'content-type': mediaType }, payload: bytes });
    return { status: reply.statusCode, text: reply.body };
  };

const textSenderOn =
  (app: FastifyInstance): SendText =>
  async (method, url, text, headers = {}) => {
    const sent =
      text === undefined ? { headers } : { headers: { 'content-type': 'application/json', ...headers }, payload: text };
    const reply = await app.inject({ method, url, ...sent });
    return { status: reply.statusCode, text: reply.body };
  };

export const problem = (status: number, code: string, detail: string) => ({
  status,
  etag: undefined,
  body: { type: 'about:blank', title: expect.any(String), status, code, detail, requestId: expect.any(String) },
});
export const gone = { status: 204, etag: undefined, body: undefined };
export const stale = (current: number) =>
  problem(412, 'VERSION_MISMATCH', `The current version is ${current}. Read it again and repeat your change on it.`);
export const scriptUrl = ({ workspaceId, id }: Script): string => `/v1/workspaces/${workspaceId}/scripts/${id}`;
export const foldersUrl = (workspaceId: string): string => `/v1/workspaces/${workspaceId}/control-m/folders`;
export const folderUrl = ({ workspaceId, id }: ControlMFolder): string => `${foldersUrl(workspaceId)}/${id}`;
export const noSuch = (noun: string) => problem(404, 'NOT_FOUND', `There is no such ${noun}.`);

/** A write as a store takes it, by who owns what is there. */
export const writeBy = (userId: string, permission: CommunityPermission): Write => ({
  userId,
  permission,
  event: {
    id: randomUUID(),
    kind: 'audit',
    occurredAt: new Date().toISOString(),
    payload: {
      actor: { type: 'user', id: userId },
      action: 'contract.write',
      resource: { type: 'contract', id: 'x' },
      result: 'success',
      requestId: 'contract',
      service: 'contract',
    },
  },
});

/** A write that saves a version. */
export const saveBy = (userId: string, permission: CommunityPermission): SaveWrite => ({
  ...writeBy(userId, permission),
  note: '',
  restoredFrom: null,
});

/** The fixture of the contract suites: a server on a fresh store, with helpers that create rows. */
export interface Contract {
  readonly under: StoreUnderTest;
  readonly send: Send;
  readonly sendText: SendText;
  readonly sendBytes: SendBytes;
  readonly sendMedia: SendMedia;
  /** The path under which workspaces are created. */
  readonly home: string;
  newWorkspace(): Promise<Workspace>;
  newScript(workspaceId: string, content?: string): Promise<Script>;
  newFolder(workspaceId: string, name?: string): Promise<ControlMFolder>;
}

export const contractOver = (under: StoreUnderTest, app: FastifyInstance): Contract => {
  const send = senderOn(app);
  const home = under.communityId === null ? '/v1/workspaces' : `/v1/communities/${under.communityId}/workspaces`;
  return {
    under,
    send,
    sendText: textSenderOn(app),
    sendBytes: byteSenderOn(app),
    sendMedia: mediaSenderOn(app),
    home,
    newWorkspace: async () => (await send('POST', home, { body: { name: `Night jobs ${randomUUID()}` } })).body as Workspace,
    newScript: async (workspaceId, content = 'echo 1') => {
      const body = { name: 'backup.sh', language: 'shell', content };
      return (await send('POST', `/v1/workspaces/${workspaceId}/scripts`, { body })).body as Script;
    },
    newFolder: async (workspaceId, name = 'NIGHT') => {
      const definition = { Type: 'Folder', Count: { Type: 'Job:Command', Command: 'wc -l orders.csv', RunAs: 'batch' } };
      return (await send('POST', foldersUrl(workspaceId), { body: { name, definition } })).body as ControlMFolder;
    },
  };
};

/** Sorts from the oldest to the newest. */
export const sortKey = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }): string => `${createdAt} ${id}`;
