import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { untilStopped } from '../dev/until-stopped.ts';
import { keepBusy } from './busy.ts';
import { partsOf, summaryOf, type PartResult, type TestPart } from './parts.ts';

/**
 * `make test` and `make test-faults`: [ONLY="path …"] [TITLE="part of a title"] [REPEAT=n] [BUSY=1]. Stops when a part
 * fails, unless the same is repeated. Exit code 1 when a part failed, 2 for a request that cannot be understood.
 */
const repeatsMax = 1_000;
const { signal } = untilStopped();

const run = async ({ name, command: [program, ...args], seed, isBeside }: TestPart, stop: AbortSignal): Promise<PartResult> => {
  const begun = performance.now();
  const env = seed === undefined ? process.env : { ...process.env, PROPERTY_SEED: String(seed) };
  const child = spawn(program, args, { stdio: isBeside === true ? ['ignore', 'pipe', 'pipe'] : 'inherit', env });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => printed.push(data));
  const onStop = (): void => void child.kill('SIGTERM');
  stop.addEventListener('abort', onStop, { once: true });
  const [code] = (await once(child, 'close')) as [number | null];
  stop.removeEventListener('abort', onStop);
  if (isBeside === true) process.stdout.write(`\n${name}:\n${Buffer.concat(printed).toString()}\n`);
  const state = code === 0 ? 'green' : stop.aborted ? 'stopped' : 'FAILED';
  return { name, seconds: (performance.now() - begun) / 1_000, state };
};

/** Runs the parts one after the other, and beside them those that may be. */
const runParts = async (parts: readonly TestPart[], stopsAtFailure: boolean): Promise<readonly PartResult[]> => {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const results: PartResult[] = [];
  const runNext = async (part: TestPart): Promise<void> => {
    if (stop.aborted) return;
    const result = await run(part, stop);
    results.push(result);
    if (stopsAtFailure && result.state === 'FAILED') failure.abort();
  };
  const beside = parts.filter(({ isBeside }) => isBeside === true).map(runNext);
  for (const part of parts.filter(({ isBeside }) => isBeside !== true)) await runNext(part);
  await Promise.all(beside);
  return results;
};

const given = (name: string): string => process.env[name] ?? '';
const repeat = Number(given('REPEAT') || '1');

if (Number.isInteger(repeat) && repeat >= 1 && repeat <= repeatsMax) {
  const parts = partsOf({ run: process.argv[2] ?? 'tests', only: given('ONLY'), title: given('TITLE'), repeat });
  const calm = given('BUSY') === '' ? async (): Promise<void> => {} : keepBusy();
  const begun = performance.now();
  const results = await runParts(parts, repeat === 1);
  await calm();
  process.stdout.write(`\n${summaryOf(parts, results, (performance.now() - begun) / 1_000)}\n`);
  process.exitCode = results.length === parts.length && results.every(({ state }) => state === 'green') ? 0 : 1;
} else {
  process.stderr.write(`REPEAT is a whole number from 1 to ${repeatsMax}.\n`);
  process.exitCode = 2;
}
