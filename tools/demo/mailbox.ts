import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';

const waitMs = 60_000;

/**
 * The newest eight-digit code in a mail to an address, about something, from the folder that stands in for a mail server.
 * Rejects when none comes within a minute.
 */
export const readCode = async (folder: string, address: string, about = ''): Promise<string> => {
  return await waitFor(() => findCode(folder, address, about), {
    timeoutMs: waitMs,
    what: `a mail with a code for ${address} in ${folder}`,
  });
};

const findCode = async (folder: string, address: string, about: string): Promise<string | undefined> => {
  const found = await readdir(folder).catch((): string[] => []);
  const names = found.filter((name) => name.endsWith('.txt')).toSorted((a, b) => (a < b ? 1 : -1));
  for (const name of names) {
    const mail = await readFile(join(folder, name), 'utf8').catch(() => '');
    const code = mail.includes(address) && mail.includes(about) ? /(?<![\d-])\d{8}(?![\d-])/.exec(mail)?.[0] : undefined;
    if (code !== undefined) return code;
  }
  return undefined;
};
