import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { measure, medianRun, type Load, type LoadSize, type Measured } from './measure.ts';
import { prepareRows, type Rows } from './rows.ts';
import { startReference, type Reference } from './reference.ts';
import { report, type Row } from './report.ts';

/** The load of the quality goals; `--quick` is for trying the benchmark itself, never for figures. */
const isQuick = process.argv.includes('--quick');
const size: LoadSize = { connections: 32, seconds: isQuick ? 2 : 10 };
const rounds = isQuick ? 1 : 3;
const reportFile = new URL('../../docs/benchmarks.md', import.meta.url);

interface Comparison {
  readonly what: string;
  /** The share of the reference's throughput that must be reached. */
  readonly mustReach: number;
  readonly ours: Load;
  readonly reference: Load;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Ours and the reference in turn, so that a machine that slows down slows both. */
const compare = async ({ what, mustReach, ours, reference }: Comparison, processes: Record<string, number>): Promise<Row> => {
  const runs: { ours: Measured[]; reference: Measured[] } = { ours: [], reference: [] };
  for (let round = 1; round <= rounds; round += 1) {
    say(`${what}: round ${round} of ${rounds}`);
    runs.reference.push(await measure(reference, size, {}));
    runs.ours.push(await measure(ours, size, processes));
  }
  return { what, mustReach, ours: medianRun(runs.ours), reference: medianRun(runs.reference) };
};

const comparisons = (
  { gateway, token, scriptPath, scriptsPath, scriptId, workspaceId, script }: Rows,
  referenceUrl: string,
): Comparison[] => {
  const authorization = `Bearer ${token}`;
  const json = { 'content-type': 'application/json' };
  return [
    {
      what: 'GET one script',
      mustReach: 0.45,
      ours: { url: `${gateway}${scriptPath}`, method: 'GET', headers: { authorization }, expectedStatus: 200 },
      reference: { url: `${referenceUrl}/scripts/${scriptId}`, method: 'GET', expectedStatus: 200 },
    },
    {
      what: 'create a script',
      mustReach: 0.8,
      ours: {
        url: `${gateway}${scriptsPath}`,
        method: 'POST',
        headers: { authorization, ...json },
        body: JSON.stringify(script),
        expectedStatus: 201,
      },
      reference: {
        url: `${referenceUrl}/workspaces/${workspaceId}/scripts`,
        method: 'POST',
        headers: json,
        body: JSON.stringify(script),
        expectedStatus: 201,
      },
    },
  ];
};

const run = async (stack: Stack, reference: Reference, mailFolder: string): Promise<void> => {
  const rows = await prepareRows(stack, mailFolder);
  const processes = {
    gateway: stack.service('gateway').pid,
    'team-resources': stack.service('team-resources').pid,
    postgresql: stack.database.pid,
  };
  const table: Row[] = [];
  for (const comparison of comparisons(rows, reference.url)) table.push(await compare(comparison, processes));
  const text = report(table, size, rounds);
  say(`\n${text}`);
  if (!isQuick) await writeFile(reportFile, text);
};

const folder = await mkdtemp(join(tmpdir(), 'guildhall-bench-'));
const unlimited = { REQUESTS_PER_MINUTE_MAX: '100000000', LOG_LEVEL: 'warn' };
const stack = await startStack({ dataFolder: folder, env: unlimited });
try {
  const reference = await startReference(stack.database.url());
  try {
    await run(stack, reference, join(folder, 'mails'));
  } finally {
    await reference.close();
  }
} finally {
  await stack.close();
  await rm(folder, { recursive: true, force: true });
}
