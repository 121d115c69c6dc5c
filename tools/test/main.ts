import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { untilStopped } from '../dev/until-stopped.ts';
import { keepBusy } from './busy.ts';
import { partsOf, summaryOf, type PartResult, type TestPart } from './parts.ts';

/**
 * `make test` and `make test-faults`: [ONLY="path …"] [TITLE="part of a title"] [REPEAT=n] [BUSY=1]. Stops at the first part that
 * fails, unless the same is repeated. Exit code 1 when a part failed, 2 for a request that cannot be understood.
 */
const repeatsMax = 1_000;
const { signal } = untilStopped();

const runPart = async ({ name, command: [program, ...given], seed }: TestPart): Promise<PartResult> => {
  const begun = performance.now();
  const env = seed === undefined ? process.env : { ...process.env, PROPERTY_SEED: String(seed) };
  const child = spawn(program, given, { stdio: 'inherit', env });
  const onStop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', onStop, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', onStop);
  return { name, seconds: (performance.now() - begun) / 1_000, holds: code === 0 };
};

const runParts = async (parts: readonly TestPart[], stopsAtFailure: boolean): Promise<readonly PartResult[]> => {
  const results: PartResult[] = [];
  for (const part of parts) {
    const result = await runPart(part);
    results.push(result);
    if (signal.aborted || (stopsAtFailure && !result.holds)) break;
  }
  return results;
};

const given = (name: string): string => process.env[name] ?? '';
const repeat = Number(given('REPEAT') || '1');

if (Number.isInteger(repeat) && repeat >= 1 && repeat <= repeatsMax) {
  const parts = partsOf({ run: process.argv[2] ?? 'tests', only: given('ONLY'), title: given('TITLE'), repeat });
  const calm = given('BUSY') === '' ? async (): Promise<void> => {} : keepBusy();
  const results = await runParts(parts, repeat === 1);
  await calm();
  process.stdout.write(`\n${summaryOf(parts, results)}\n`);
  process.exitCode = results.length === parts.length && results.every(({ holds }) => holds) ? 0 : 1;
} else {
  process.stderr.write(`REPEAT is a whole number from 1 to ${repeatsMax}.\n`);
  process.exitCode = 2;
}
