import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { readLocalToken, startTestStack } from '../support/test-stack.ts';
import { createCallers } from './callers.ts';
import { runFuzz } from './run.ts';
import { cannotSucceed, plantSeeds } from './seeds.ts';

/** Holds a whole stack to its OpenAPI document with random requests. Exit code 1 after a fault, or where an operation never succeeded. */
const usage = 'Usage: node tests/fuzz/main.ts [--requests 50000] [--seed 1]';

/** The address of every request of a run: its failed log-ins make nobody wait who signs a caller in again. */
const elsewhere = '198.51.100.7';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async (requests: number, seed: number): Promise<number> => {
  const { stack, http, dataFolder, close } = await startTestStack({
    REQUESTS_PER_MINUTE_MAX: '100000000',
    SIGN_INS_PER_MINUTE_MAX: '100000000',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  try {
    const localToken = readLocalToken(join(dataFolder, 'keys', 'local-token'));
    const { mailFolder, setupToken } = stack;
    const callers = await createCallers({ http, mailFolder, setupToken: setupToken ?? undefined, localToken });
    const baseUrl = stack.urls.gateway;
    const seeds = await plantSeeds({ baseUrl, http, mailFolder, localToken, owner: callers.owner, member: callers.member });
    for (const refusal of seeds.refused) say(`no seed of ${refusal}`);
    const begun = performance.now();
    const { faults, answers, neverSucceeded } = await runFuzz({
      baseUrl,
      seeds: seeds.succeeded,
      callers: { ...callers, credentialsOf: (caller) => ({ ...callers.credentialsOf(caller), 'x-forwarded-for': elsewhere }) },
      requests,
      seed,
      onProgress: (sent) => say(`${sent} requests after ${Math.round((performance.now() - begun) / 1_000)} s`),
    });
    for (const fault of faults) say(`FAULT: ${fault}`);
    say(`${requests} requests of seed ${seed}; answers: ${JSON.stringify(answers)}`);
    const without = neverSucceeded.filter((operationId) => !(operationId in cannotSucceed));
    say(`never answered with success: ${without.join(', ') || 'none'}; cannot be: ${Object.keys(cannotSucceed).join(', ')}`);
    say(faults.length === 0 ? 'no fault' : `${faults.length} kinds of faults`);
    return faults.length === 0 && without.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
};

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(usage);
else process.exitCode = await run(Number(values.requests), Number(values.seed));
