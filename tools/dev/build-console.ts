import { buildConsole } from './console.ts';

/** `make console`: builds the console where its sources changed. */
await buildConsole((line) => void process.stdout.write(`${line} ...\n`));
