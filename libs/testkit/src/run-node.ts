import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { processEnvironment } from './process-environment.ts';

/** The exit code of a process (null when a signal ended it) and what it printed. */
export interface ProcessResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Node with these arguments to its end, without blocking this process, in an environment of `env` and what any process
 * needs. Ended with the test if it runs longer.
 */
export const runNode = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ProcessResult> => {
  const { promise, resolve, reject } = Promise.withResolvers<ProcessResult>();
  const child = spawn(process.execPath, args, { env: { ...processEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.once('error', reject).once('close', (status) => resolve({ status, stdout, stderr }));
  return promise;
};
