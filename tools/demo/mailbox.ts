import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';

const waitMs = 60_000;

/**
 * The newest eight-digit code in a mail to an address, about something, from the folder that stands in for a mail server.
 * Rejects when none comes within a minute.
 */
export const readCode = (folder: string, address: string, about = ''): Promise<string> =>
  waitFor(() => findInMail({ folder, address, about, pattern: /(?<![\d-])\d{8}(?![\d-])/ }), {
    timeoutMs: waitMs,
    what: `a mail with a code for ${address} in ${folder}`,
  });

/** The token of the newest link to a page of the console that was mailed to an address. Rejects when none comes within a minute. */
export const readLink = (folder: string, address: string, page: 'sign-in' | 'end-sessions'): Promise<string> =>
  waitFor(() => findInMail({ folder, address, about: page, pattern: new RegExp(`(?<=#/${page}/)\\S+`) }), {
    timeoutMs: waitMs,
    what: `a mail with a link for ${address} in ${folder}`,
  });

interface Wanted {
  readonly folder: string;
  readonly address: string;
  readonly about: string;
  readonly pattern: RegExp;
}

const findInMail = async ({ folder, address, about, pattern }: Wanted): Promise<string | undefined> => {
  const found = await readdir(folder).catch((): string[] => []);
  const names = found.filter((name) => name.endsWith('.txt')).toSorted((a, b) => (a < b ? 1 : -1));
  for (const name of names) {
    const mail = await readFile(join(folder, name), 'utf8').catch(() => '');
    const part = mail.includes(address) && mail.includes(about) ? pattern.exec(mail)?.[0] : undefined;
    if (part !== undefined) return part;
  }
  return undefined;
};
