import { buildConsole } from './console.ts';

/** `make console`: builds the console where its sources changed. Ends with 1 and what the build said where that fails. */
try {
  await buildConsole((line) => void process.stdout.write(`${line} ...\n`));
} catch (error) {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  process.stderr.write(`${said}\n`);
  process.exitCode = 1;
}
