import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const waitMs = 60_000;
const lookEveryMs = 50;

/**
 * The newest eight-digit code in a mail to an address, from the folder that stands in for a mail server.
 * Rejects when none comes within a minute.
 */
export const readCode = async (folder: string, address: string): Promise<string> => {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const code = await findCode(folder, address);
    if (code !== undefined) return code;
    if (Date.now() > deadline)
      throw new Error(`No mail with a code for ${address} came into ${folder} within ${waitMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
};

const findCode = async (folder: string, address: string): Promise<string | undefined> => {
  const found = await readdir(folder).catch((): string[] => []);
  const names = found.filter((name) => name.endsWith('.txt')).toSorted((a, b) => (a < b ? 1 : -1));
  for (const name of names) {
    const mail = await readFile(join(folder, name), 'utf8').catch(() => '');
    const code = mail.includes(address) ? /(?<![\d-])\d{8}(?![\d-])/.exec(mail)?.[0] : undefined;
    if (code !== undefined) return code;
  }
  return undefined;
};
