import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpClient, type HttpClient } from '../../tools/demo/http-client.ts';
import { must } from '../support/users.ts';
import { medianOf } from './measure.ts';
import { memoryOf, memoryRows } from './memory.ts';
import type { Row } from './report.ts';
import { withSoloGateway } from './solo-gateway.ts';

/** A folder of 5,000 jobs by HTTP: its import and its graph, each of a workspace of its own. */

const jobs = 5_000;
/** Each job waits for the one that stands so many places before it. */
const width = 50;
const importSecondsMax = 3;
const graphSecondsMax = 2;
const megabytesMax = 600;
/** The bound of a service's memory once the threads that read large folders have ended, and the time after which they have. */
const restedMegabytesMax = 250;
const restMs = 15_000;

const eventOf = (job: number) => ({ Event: `bench-${job}` });

const jobOf = (job: number): object => ({
  Type: 'Job:Command',
  Command: `run-batch --step ${job}`,
  RunAs: 'batch',
  Host: `host-${job % 20}`,
  ...(job < width ? {} : { eventsToWaitFor: { Type: 'WaitForEvents', Events: [eventOf(job - width)] } }),
  eventsToAdd: { Type: 'AddEvents', Events: [eventOf(job)] },
});

const documentOf = (): string =>
  JSON.stringify({
    BENCH: {
      Type: 'Folder',
      ...Object.fromEntries(Array.from({ length: jobs }, (_none, job) => [`Job${job}`, jobOf(job)])),
    },
  });

/** Makes a workspace. Returns its path. */
type NewWorkspace = (http: HttpClient) => Promise<string>;

export interface JobsBench {
  readonly folder: string;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

interface Place {
  readonly name: string;
  readonly http: HttpClient;
  readonly token?: string;
  readonly newWorkspace: NewWorkspace;
  readonly processes: Readonly<Record<string, number>>;
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
};

/** Imports and draws the folder so many times, and looks at the memory then. */
export const jobRows = async (
  { name, http, token, newWorkspace, processes }: Place,
  { rounds, say }: Omit<JobsBench, 'folder'>,
) => {
  const [imports, graphs]: [number[], number[]] = [[], []];
  const body = { documents: [{ name: 'bench.json', text: documentOf() }] };
  for (let round = 1; round <= rounds; round += 1) {
    say(`folder of ${jobs} jobs, ${name}: round ${round} of ${rounds}`);
    const path = await newWorkspace(http);
    imports.push(await secondsOf(() => must(http, 200, 'POST', `${path}/control-m/import`, { token, body })));
    graphs.push(await secondsOf(() => must(http, 200, 'GET', `${path}/control-m/graph`, { token })));
  }
  const rowOf = (what: string, ours: number, reference: number): Row => {
    return {
      what: `${what} of a folder of ${jobs} jobs, ${name}; reference: its bound`,
      unit: 's',
      ours,
      reference,
      bound: { atMost: 1 },
    };
  };
  const atWork = await memoryOf(processes);
  await delay(restMs);
  return [
    rowOf('import', medianOf(imports), importSecondsMax),
    rowOf('graph', medianOf(graphs), graphSecondsMax),
    ...memoryRows(`just after folders of ${jobs} jobs, ${name}`, megabytesMax, atWork),
    ...memoryRows(`${restMs / 1_000} s after folders of ${jobs} jobs, ${name}`, restedMegabytesMax, await memoryOf(processes)),
  ];
};

const newSoloWorkspace: NewWorkspace = async (http) => {
  const { id } = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Bench' } });
  return `/v1/workspaces/${String(id)}`;
};

/** Measures the jobs on the gateway alone. */
export const soloJobRows = async ({ folder, ...bench }: JobsBench): Promise<readonly Row[]> => {
  const own = join(folder, 'jobs');
  await mkdir(own, { recursive: true });
  return await withSoloGateway(own, async ({ url, pid, token }) => {
    const http = createHttpClient(url, () => {}, token);
    return await jobRows({ name: 'solo', http, newWorkspace: newSoloWorkspace, processes: { gateway: pid } }, bench);
  });
};
