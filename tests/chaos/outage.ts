import { parseArgs } from 'node:util';
import { faultsOn } from './outage-faults.ts';
import { createLoad, type Load } from './outage-load.ts';
import { measureFault, type Figures } from './outage-measure.ts';
import { startOutageStack, type OutageStack } from './outage-stack.ts';
import { tableOf, violationsOf } from './outage-verdict.ts';
import { writeViolations } from './outage-writes.ts';

/**
 * Takes the shared database away from a running stack in every way there is, under a light load, and measures what
 * users notice of it. Ends with 1 when something that must hold did not.
 */
const usage = 'Usage: node tests/chaos/outage.ts [--only "black hole"] [--runs 1] [--seed 1] [--verbose]';

const beforeMs = { least: 4_000, spread: 1_000 };
const downMs = { least: 4_000, spread: 3_000 };

/** mulberry32: the same numbers for the same seed. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) throw new Error(usage);
  return { only: values.only, runs, seed, isVerbose: values.verbose };
};

type Options = ReturnType<typeof readOptions>;

const measureAll = async (outage: OutageStack, load: Load, { only, runs, seed, isVerbose }: Options) => {
  const random = randomFrom(seed);
  const faults = faultsOn(outage).filter(({ name }) => only === undefined || name === only);
  if (faults.length === 0) throw new Error(`There is no fault "${only}". ${usage}`);
  const all: Figures[] = [];
  const violations: string[] = [];
  for (let run = 1; run <= runs; run += 1) {
    for (const fault of faults) {
      const times = { beforeMs: beforeMs.least + random() * beforeMs.spread, downMs: downMs.least + random() * downMs.spread };
      const figures = await measureFault(outage, load, fault, times);
      const found = violationsOf(figures);
      all.push(figures);
      violations.push(...found);
      say(`run ${run}: ${fault.name}: ${found.length === 0 ? 'held' : found.map((text) => `\n  VIOLATION ${text}`).join('')}`);
      if (isVerbose) say(JSON.stringify(figures));
    }
  }
  return { all, violations };
};

/** Ctrl-C leaves nothing behind. */
const stopWhenTold = (outage: OutageStack): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void outage.close().finally(() => process.exit(1)));
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const outage = await startOutageStack();
  stopWhenTold(outage);
  try {
    const load = await createLoad(outage);
    const { all, violations } = await measureAll(outage, load, options);
    const ofWrites = await writeViolations(outage, load);
    say(`\nMilliseconds${options.runs > 1 ? `; median of ${options.runs} runs and the largest` : ''}; seed ${options.seed}\n`);
    say(tableOf(all));
    for (const text of ofWrites) say(`VIOLATION ${text}`);
    say(
      `\n${load.acknowledged.size} acknowledged writes: ${ofWrites.length === 0 ? 'all there once, all audited once' : 'see above'}`,
    );
    const count = violations.length + ofWrites.length;
    say(count === 0 ? 'no violation' : `${count} violations`);
    if (count > 0) process.exitCode = 1;
  } finally {
    await outage.close();
  }
};

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
