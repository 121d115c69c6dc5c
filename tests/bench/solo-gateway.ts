import { join } from 'node:path';
import { processEnvironment } from '@guildhall/testkit';
import { createHttpClient } from '../../tools/demo/http-client.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { createServiceProcess } from '../../tools/dev/service-process.ts';
import { readLocalToken } from '../support/test-stack.ts';
import { must } from '../support/users.ts';
import { compareRates, type BenchRun } from './compare.ts';
import type { Load } from './measure.ts';
import type { Row } from './report.ts';
import { scriptBody } from './rows.ts';

const json = { 'content-type': 'application/json' };

/** A gateway alone, on a SQLite file of its own. */
export interface SoloGateway {
  readonly url: string;
  readonly pid: number;
  /** The token of this machine's user. */
  readonly token: string;
}

/** Runs something on a gateway alone, and stops it. */
export const withSoloGateway = async <T>(folder: string, use: (gateway: SoloGateway) => Promise<T>): Promise<T> => {
  const { port } = await choosePort('gateway', 0);
  const url = `http://127.0.0.1:${port}`;
  const gateway = createServiceProcess({
    name: 'gateway',
    entry: join(import.meta.dirname, '../../services/gateway/src/main.ts'),
    url,
    env: {
      ...processEnvironment(),
      PORT: String(port),
      DATA_FILE: join(folder, 'guildhall.sqlite'),
      LOG_LEVEL: 'warn',
      REQUESTS_PER_MINUTE_MAX: '100000000',
    },
    logFile: join(folder, 'solo-gateway.log'),
    onNote: () => {},
  });
  await gateway.start();
  try {
    return await use({ url, pid: gateway.pid, token: readLocalToken(join(folder, 'local-token')) });
  } finally {
    await gateway.stop();
  }
};

/** The gateway alone: solo reads and saves, and a team route that has no database, beside a bare answer. */
export const compareSolo = (folder: string, hello: Load, run: BenchRun): Promise<readonly Row[]> =>
  withSoloGateway(folder, async ({ url, pid, token }) => {
    const http = createHttpClient(url, () => {}, token);
    const workspace = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Bench' } });
    const scripts = `${url}/v1/workspaces/${String(workspace['id'])}/scripts`;
    const script = await must(http, 201, 'POST', scripts.slice(url.length), { body: { ...scriptBody } });
    const headers = { 'x-guildhall-local-token': token };
    const of = (what: string, atLeast: number, ours: Load) =>
      compareRates({ what, atLeast, ours, reference: hello }, { ...run, processes: { gateway: pid } });
    return [
      await of('solo GET on SQLite', 0.5, {
        url: `${scripts}/${String(script['id'])}`,
        method: 'GET',
        headers,
        expectedStatus: 200,
      }),
      await of('solo save on SQLite', 0.3, {
        url: scripts,
        method: 'POST',
        headers: { ...headers, ...json },
        body: JSON.stringify(scriptBody),
        expectedStatus: 201,
      }),
      await of('refusal: 503, nothing configured', 0.5, { url: `${url}/v1/communities`, method: 'GET', expectedStatus: 503 }),
    ];
  });
