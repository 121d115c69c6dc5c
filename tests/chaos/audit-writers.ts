import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface WritersParts {
  readonly baseUrl: string;
  /** Path of the workspace's scripts. */
  readonly scripts: string;
  /** A fresh access token; asked again when one is refused. */
  readonly signIn: () => Promise<string>;
  readonly writers: number;
}

export interface Writers {
  /** Script id → the version that was acknowledged last. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly answers: ReadonlyMap<number, number>;
  start(): void;
  /** Finishes what each writer has begun, however long the outage. */
  stop(): Promise<void>;
}

interface Answer {
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const requestTimeoutMs = 8_000;
const retryPauseMs = 100;
const editsPerScript = 4;

interface RequestParts extends Pick<WritersParts, 'baseUrl' | 'signIn'> {
  /** Status → how often it was answered. */
  readonly answers: Map<number, number>;
}

/** The requests of the writers, with an access token that is renewed when it is refused. */
const createRequests = ({ baseUrl, signIn, answers }: RequestParts) => {
  let token = '';
  const send = async (method: string, path: string, headers: Record<string, string>, body?: object): Promise<Answer> => {
    const answer = await fetch(baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
      .then(async (response) => ({ status: response.status, body: (await response.json()) as Answer['body'] }))
      .catch((): Answer => ({ status: 0, body: {} }));
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
    return answer;
  };
  /** Repeats a request until it is answered with `wanted`, or with one of `others`, which the caller understands. */
  const insist = async (ask: () => Promise<Answer>, wanted: number, others: readonly number[] = []): Promise<Answer> => {
    for (;;) {
      const answer = await ask();
      if (answer.status === wanted || others.includes(answer.status)) return answer;
      if (answer.status === 401) token = await signIn().catch(() => token);
      else if (answer.status !== 0 && answer.status !== 503 && answer.status !== 429)
        throw new Error(`A writer was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      await pause(retryPauseMs);
    }
  };
  return { send, insist };
};

/**
 * Writers that create scripts and edit them, one after the other, under faults. Each retries until it knows the
 * result of its request: a create is repeated under its Idempotency-Key, an edit is looked up by its version.
 */
export const createWriters = ({ baseUrl, scripts, signIn, writers }: WritersParts): Writers => {
  const acknowledged = new Map<string, number>();
  const answers = new Map<number, number>();
  const state = { isWanted: false };
  let running: Promise<unknown> = Promise.resolve();

  const { send, insist } = createRequests({ baseUrl, signIn, answers });
  const create = async (): Promise<string> => {
    const key = randomUUID();
    const body = { name: `chaos ${key}`, language: 'shell', content: key };
    const { body: script } = await insist(() => send('POST', scripts, { 'idempotency-key': key }, body), 201);
    const id = String(script['id']);
    acknowledged.set(id, 1);
    return id;
  };
  const edit = async (id: string, version: number): Promise<void> => {
    const path = `${scripts}/${id}`;
    const change = () => send('PATCH', path, { 'if-match': `"${version}"` }, { content: randomUUID() });
    // 412: it was saved, and the answer was lost.
    const { status } = await insist(change, 200, [412]);
    const now = await insist(() => send('GET', path, {}), 200);
    if (now.body['version'] !== version + 1)
      throw new Error(`After an edit of version ${version} answered ${status}, the version is ${String(now.body['version'])}.`);
    acknowledged.set(id, version + 1);
  };
  const write = async (): Promise<void> => {
    while (state.isWanted) {
      const id = await create();
      for (let version = 1; state.isWanted && version <= editsPerScript; version += 1) await edit(id, version);
    }
  };
  return {
    acknowledged,
    answers,
    start: () => {
      state.isWanted = true;
      running = Promise.all(Array.from({ length: writers }, write));
      // `stop` reports its failure.
      running.catch(() => {});
    },
    stop: async () => {
      state.isWanted = false;
      await running;
    },
  };
};
