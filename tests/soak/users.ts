import { setTimeout as pause } from 'node:timers/promises';
import type { HttpClient, Received } from '../../tools/demo/http-client.ts';
import type { Team } from '../support/team.ts';
import { must } from '../support/users.ts';

/** Users who do at a steady pace what people do all day: read, list, look into the trail, sign in and out, listen for changes. */
export interface Users {
  /** The requests that were not answered as they must be, by what was asked and answered, with their number. */
  readonly wrong: ReadonlyMap<string, number>;
  /** The number of requests so far. */
  answered(): number;
  start(): void;
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

interface UsersParts {
  readonly http: HttpClient;
  readonly gateway: string;
  readonly team: Team;
}

/** The longest time that a client waits for an answer. */
const requestMsMax = 15_000;

/** The work of a user, and the pause after each time. Its promise rejects with what was answered otherwise than it must be. */
type Work = readonly [pauseMs: number, work: () => Promise<number>];

const expectStatus = (wanted: number, what: string, { status, body }: Received): void => {
  if (status !== wanted) throw new Error(`${what} answered ${status} ${String(body['code'])}`);
};

/** Listens for changes for a moment, as a page does that is opened and left. */
const listen = async (gateway: string, token: string): Promise<void> => {
  const leaving = new AbortController();
  const response = await fetch(`${gateway}/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  if (response.status !== 200) throw new Error(`the stream answered ${response.status}`);
  await pause(500);
  leaving.abort();
};

const worksOf = async ({ http, gateway, team: { founder, communityId, scripts } }: UsersParts): Promise<readonly Work[]> => {
  let { token } = founder;
  const { email, password } = founder;
  const first = await must(http, 201, 'POST', scripts, { token, body: { name: 'first', language: 'shell', content: 'echo' } });
  const solo = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Mine' } });
  const soloScripts = `/v1/workspaces/${String(solo['id'])}/scripts`;
  const asked = async (wanted: number, method: string, path: string, options = {}): Promise<number> => {
    expectStatus(wanted, `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, ':id')}`, await http.send(method, path, options));
    return 1;
  };
  const read = (path: string) => asked(200, 'GET', path, { token });
  return [
    [20, () => read(`${scripts}/${String(first['id'])}`)],
    [100, () => read(`${scripts}?limit=25`)],
    [100, () => read(`/v1/communities/${communityId}/audit/events?limit=25`)],
    [200, () => read('/v1/communities')],
    [200, () => read('/v1/auth/me')],
    [200, () => asked(404, 'GET', `${scripts}/00000000-0000-4000-8000-000000000000`, { token })],
    [500, () => asked(201, 'POST', soloScripts, { body: { name: 'mine', language: 'shell', content: 'echo' } })],
    [500, () => asked(200, 'GET', `${soloScripts}?limit=25`)],
    [2_000, () => listen(gateway, token).then(() => 1)],
    [
      5_000,
      async () => {
        const session = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
        const former = token;
        token = String(session['accessToken']);
        // What was sent with the former access token is answered meanwhile.
        await pause(requestMsMax);
        await must(http, 204, 'POST', '/v1/auth/logout', { token: former });
        return 2;
      },
    ],
  ];
};

export const createUsers = async (parts: UsersParts): Promise<Users> => {
  const works = await worksOf(parts);
  const wrong = new Map<string, number>();
  let answered = 0;
  const state = { isWanted: false };
  let running: Promise<unknown> = Promise.resolve();
  const live = async ([pauseMs, work]: Work): Promise<void> => {
    while (state.isWanted) {
      try {
        answered += await work();
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        wrong.set(what, (wrong.get(what) ?? 0) + 1);
      }
      await pause(pauseMs);
    }
  };
  return {
    wrong,
    answered: () => answered,
    start: () => {
      state.isWanted = true;
      running = Promise.all(works.map(live));
    },
    stop: async () => {
      state.isWanted = false;
      await running;
    },
  };
};
