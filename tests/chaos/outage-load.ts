import { randomUUID } from 'node:crypto';
import type { HttpClient, RequestOptions } from '../../tools/demo/http-client.ts';
import { foundTeam, type Team } from '../support/team.ts';
import { must, signUp } from '../support/users.ts';
import type { OutageStack } from './outage-stack.ts';

export type Kind = 'read' | 'list' | 'write' | 'me' | 'audit' | 'solo';
export const teamKinds = ['read', 'list', 'write', 'me', 'audit'] as const satisfies readonly Kind[];

/** One request and what came of it. */
export interface Sample {
  readonly kind: Kind;
  /** The value of performance.now(). */
  readonly startedAt: number;
  readonly ms: number;
  /** 0 when nothing was answered. */
  readonly status: number;
  /** The problem's code; empty for an answer that is none. */
  readonly code: string;
  readonly detail: string;
}

export const isSuccess = ({ status }: Sample): boolean => status >= 200 && status < 300;
/** The one refusal that an outage of the shared database is. */
export const isRefusal = ({ status, code }: Sample): boolean => status === 503 && code === 'SHARED_DB_UNAVAILABLE';

export interface Load {
  readonly samples: readonly Sample[];
  readonly team: Team;
  /** The names of scripts whose creation was answered 201. */
  readonly acknowledged: ReadonlySet<string>;
  /** An access token lives for minutes only: all requests from now on use a new one. Returns it. */
  signInAgain(): Promise<string>;
  /** One request of a kind, now. */
  send(kind: Kind): Promise<Sample>;
  start(): void;
  /** Sends no more, and waits for what is under way. */
  stop(): Promise<void>;
}

const everyMs: Readonly<Record<Kind, number>> = { read: 100, list: 200, write: 200, me: 200, audit: 200, solo: 10 };

type Request = readonly [method: string, path: string, options: RequestOptions];

const get = (path: string): Request => ['GET', path, {}];

const prepareRequests = async ({ http, stack }: OutageStack) => {
  await signUp(http, stack.mailFolder, 'Olive', stack.setupToken ?? undefined);
  const team = await foundTeam(http, stack.mailFolder, 'Ada');
  let { token } = team.founder;
  const script = await must(http, 201, 'POST', team.scripts, { token, body: { name: 'first', language: 'shell', content: '' } });
  const solo = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Mine' } });
  const requests: Readonly<Record<Exclude<Kind, 'write'>, Request>> = {
    read: get(`${team.scripts}/${String(script['id'])}`),
    list: get('/v1/communities'),
    me: get('/v1/auth/me'),
    audit: get(`/v1/communities/${team.communityId}/audit/events?limit=5`),
    solo: ['GET', `/v1/workspaces/${String(solo['id'])}`, {}],
  };
  const writing = (name: string): Request => ['POST', team.scripts, { body: { name, language: 'shell', content: name } }];
  const signInAgain = async (): Promise<string> => {
    const { email, password } = team.founder;
    const tokens = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
    token = String(tokens['accessToken']);
    return token;
  };
  const requestOf = (kind: Kind, name: string): Request => {
    if (kind === 'solo') return requests.solo;
    const [method, path, options] = kind === 'write' ? writing(name) : requests[kind];
    return [method, path, { ...options, token }];
  };
  return { team, signInAgain, requestOf };
};

const textIn = (body: Readonly<Record<string, unknown>>, field: string): string => {
  const text = body[field];
  return typeof text === 'string' ? text : '';
};

const sendOne = async (http: HttpClient, kind: Kind, request: Request): Promise<Sample> => {
  const startedAt = performance.now();
  const end = (status: number, code: string, detail: string): Sample => ({
    kind,
    startedAt,
    ms: performance.now() - startedAt,
    status,
    code,
    detail,
  });
  try {
    const { status, body } = await http.send(...request);
    return end(status, textIn(body, 'code'), textIn(body, 'detail'));
  } catch (error) {
    return end(0, 'no answer', String(error));
  }
};

/** A light, constant load through the gateway: each request is sent when it is due, whatever became of those before. */
export const createLoad = async (outage: OutageStack): Promise<Load> => {
  const { team, signInAgain, requestOf } = await prepareRequests(outage);
  const samples: Sample[] = [];
  const acknowledged = new Set(['first']);
  const underWay = new Set<Promise<unknown>>();
  let timers: NodeJS.Timeout[] = [];

  const send = async (kind: Kind): Promise<Sample> => {
    const name = randomUUID();
    const sample = await sendOne(outage.http, kind, requestOf(kind, name));
    if (kind === 'write' && sample.status === 201) acknowledged.add(name);
    samples.push(sample);
    return sample;
  };
  const sendDue = (kind: Kind): void => {
    const sending = send(kind).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  return {
    samples,
    team,
    acknowledged,
    signInAgain,
    send,
    start: () => {
      timers = ([...teamKinds, 'solo'] as const).map((kind) => setInterval(() => sendDue(kind), everyMs[kind]));
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(underWay);
    },
  };
};
