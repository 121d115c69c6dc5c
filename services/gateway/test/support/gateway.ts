import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exchange, serviceKeysOf, waitFor } from '@guildhall/testkit';
import { readConfig } from '../../src/config.ts';
import { start, type Overrides } from '../../src/wire.ts';
import { catchLog, type CaughtLine } from './log-catcher.ts';
import { writeSoloFile } from './solo-file.ts';

export interface TestGateway {
  readonly url: string;
  readonly lines: CaughtLine[];
  /** A folder of its own, removed at the end. */
  readonly folder: string;
  /** Closes the gateway alone; `stop` does not do it again then. */
  close(): Promise<void>;
  stop(): Promise<void>;
}

/** A gateway as its process starts it, on a free port and with a SQLite file of its own, from when it knows how each service is. */
export const startTestGateway = async (
  env: Record<string, string> = {},
  overrides: Partial<Overrides> = {},
): Promise<TestGateway> => {
  const gateway = await openTestGateway(env, overrides);
  await waitFor(async () => (await ask(`${gateway.url}/readyz`)).status === 200, { what: 'the gateway to be ready' });
  return gateway;
};

/** A gateway from when it listens. */
export const openTestGateway = async (
  env: Record<string, string> = {},
  overrides: Partial<Overrides> = {},
): Promise<TestGateway> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-gateway-'));
  const { log, lines } = catchLog();
  const ample = { REQUESTS_PER_MINUTE_MAX: '1000000', SIGN_INS_PER_MINUTE_MAX: '1000000' };
  const dataFile = path.join(folder, 'solo.db');
  await writeSoloFile(dataFile);
  const place = {
    PORT: '0',
    DATA_FILE: dataFile,
    ...serviceKeysOf('gateway'),
    SOLO_TRUST_LOOPBACK: 'true',
    // Whether the console is built in this clone changes no test.
    CONSOLE_FOLDER: path.join(folder, 'no-console'),
  };
  const gateway = await start(readConfig({ ...ample, ...place, ...env }), log, overrides).catch((error: unknown) => {
    rmSync(folder, { recursive: true });
    throw error;
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= gateway.close());
  return {
    url: gateway.url,
    lines,
    folder,
    close,
    async stop() {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
};

/** A clock that stands still: a spent rate limit stays spent, however long the test takes. */
export const stoppedClock: Pick<Overrides, 'monotonicMs'> = { monotonicMs: () => 0 };

export interface Asked {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Someone on another machine, as a proxy in front tells of them. */
export const fromOutside = { 'x-forwarded-for': '203.0.113.9' };

export const ask = async (url: string, { method = 'GET', token, headers = {}, body }: Asked = {}): Promise<Answered> => {
  const answer = await exchange(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { status, headers: received, text } = answer;
  const isJson = received.get('content-type')?.includes('json') === true;
  return { status, headers: received, body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text };
};

export const codeOf = ({ body }: Answered): unknown => (body as { code?: unknown }).code;
