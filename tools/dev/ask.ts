import { createInterface } from 'node:readline/promises';

/**
 * Asks the person at the terminal for consent; YES=1 gives it beforehand. Throws an Error that names YES=1 where nobody can be
 * asked.
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
