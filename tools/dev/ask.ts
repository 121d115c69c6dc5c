import { createInterface } from 'node:readline/promises';

/**
 * Whether the person at the terminal agrees. YES=1 agrees beforehand. Throws, naming that, where nobody can be asked.
 */
export const isAgreed = async (question: string): Promise<boolean> => {
  if (process.env['YES'] === '1') return true;
  if (!process.stdin.isTTY) throw new Error(`${question} Nobody can be asked here: say YES=1 to agree.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
};
