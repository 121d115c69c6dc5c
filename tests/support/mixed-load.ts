import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { HttpClient } from '../../tools/demo/http-client.ts';
import type { Team } from './team.ts';
import { must } from './users.ts';

export interface MixedLoadParts {
  readonly url: string;
  readonly http: HttpClient;
  readonly team: Team;
  /** The pause behind each answer, and that of the log-ins, whose number is limited. */
  readonly pauseMs?: number;
  readonly signInPauseMs?: number;
}

/** Requests of every kind to a stack, by one user, which are to be answered whatever is replaced meanwhile. */
export interface MixedLoad {
  /** Loads the stack until `work` is done. */
  during(work: () => Promise<void>): Promise<void>;
  /** The requests that were not answered with success: when, which and why. */
  readonly failures: readonly string[];
  /** The requests that were sent, by their kind. */
  readonly counts: ReadonlyMap<string, number>;
  /** The names of the scripts whose creation was answered 201. */
  readonly acknowledged: ReadonlySet<string>;
  /** The version of the script that is changed without a key, by what was answered and by what is stored: unequal where a change was made twice or lost. */
  versions(): Promise<{ readonly answered: number; readonly stored: number; readonly changes: number }>;
  close(): Promise<void>;
}

interface Sent {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type Send = (
  kind: string,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<Sent>;

interface Kind {
  readonly sendOne: () => Promise<unknown>;
  readonly pauseMs: number;
}

/** The state that the requests of a load share: the script that is changed, the names that were acknowledged, and the newest access token. */
interface Known {
  readonly path: string;
  version: number;
  token: string;
  readonly acknowledged: Set<string>;
}

const pauseMsDefault = 100;

/** Makes the script that the load reads and changes. */
export const createMixedLoad = async ({
  url,
  http,
  team,
  pauseMs = pauseMsDefault,
  signInPauseMs = pauseMs,
}: MixedLoadParts): Promise<MixedLoad> => {
  const first = { name: 'first', language: 'shell', content: '' };
  const script = await must(http, 201, 'POST', team.scripts, { token: team.founder.token, body: first });
  // A connection for each request: none that is kept is found closed by its client, whose business that would be.
  const client = new Agent({ pipelining: 0 });
  const failures: string[] = [];
  const counts = new Map<string, number>();
  const known: Known = {
    path: `${team.scripts}/${String(script['id'])}`,
    version: Number(script['version']),
    token: team.founder.token,
    acknowledged: new Set(['first']),
  };

  const send: Send = async (kind, method, path, body, headers = {}) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    try {
      const answer = await request(`${url}${path}`, {
        dispatcher: client,
        method,
        headers: { authorization: `Bearer ${known.token}`, 'content-type': 'application/json', ...headers },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) failures.push(`${new Date().toISOString()} ${kind}: ${answer.statusCode} ${text}`);
      return { status: answer.statusCode, body: path.endsWith('/raw') ? {} : (JSON.parse(text) as Sent['body']) };
    } catch (error) {
      failures.push(`${new Date().toISOString()} ${kind}: ${String(error)}`);
      return { status: 0, body: {} };
    }
  };
  const kinds = kindsOf(send, team, known, pauseMs, signInPauseMs);
  return {
    failures,
    counts,
    acknowledged: known.acknowledged,
    async during(work) {
      const over = new AbortController();
      const loops = kinds.map(async (kind) => {
        while (!over.signal.aborted) {
          await kind.sendOne();
          await pause(kind.pauseMs);
        }
      });
      await work().finally(() => over.abort());
      await Promise.all(loops);
    },
    async versions() {
      const { body: read } = await send('versions', 'GET', known.path);
      return { answered: known.version, stored: Number(read['version']), changes: counts.get('change') ?? 0 };
    },
    close: () => client.close(),
  };
};

/** Requests of each kind follow each other with a pause. Long bodies and raw texts go to a service by HTTP, the others by its lane. */
const kindsOf = (
  send: Send,
  { founder, communityId, scripts }: Team,
  known: Known,
  pauseMs: number,
  signInPauseMs: number,
): readonly Kind[] => {
  const { email, password } = founder;
  const signIn = async (): Promise<void> => {
    const { status, body } = await send('log in', 'POST', '/v1/auth/login', { email, password });
    if (status === 200) known.token = String(body['accessToken']);
  };
  const create = async (kind: string, content: string): Promise<void> => {
    const name = randomUUID();
    const created = await send(kind, 'POST', scripts, { name, language: 'shell', content }, { 'idempotency-key': name });
    if (created.status === 201) known.acknowledged.add(name);
  };
  /** A change without a key, which nobody may send again: its version tells whether it was made twice. */
  const change = async (): Promise<void> => {
    const match = { 'if-match': `"${known.version}"` };
    const { status, body } = await send('change', 'PATCH', known.path, { content: randomUUID() }, match);
    if (status === 200) known.version = Number(body['version']);
  };
  const kinds = [
    () => send('me', 'GET', '/v1/auth/me'),
    () => send('sessions', 'GET', '/v1/auth/sessions'),
    () => send('script', 'GET', known.path),
    () => send('raw', 'GET', `${known.path}/raw`),
    () => send('list', 'GET', `${scripts}?limit=5`),
    () => send('audit', 'GET', `/v1/communities/${communityId}/audit/events?limit=5`),
    () => create('create', 'true'),
    () => create('long create', 'x'.repeat(100_000)),
    change,
  ];
  return [{ sendOne: signIn, pauseMs: signInPauseMs }, ...kinds.map((sendOne) => ({ sendOne, pauseMs }))];
};
