import { isAbsolute, relative } from 'node:path';

const harmless = /^[\w@%+=:,./-]+$/;

/** A text as one word of a command line that can be pasted into a POSIX shell. */
export const shellWord = (text: string): string => (harmless.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

/** A path as people look for it: from here when it lies below, otherwise from the root. */
export const shownPath = (path: string, from: string = process.cwd()): string => {
  const below = relative(from, path);
  return below.startsWith('..') || isAbsolute(below) ? path : below === '' ? '.' : below;
};

const denied = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Describes an error for the person who typed the command: without a stack, and with advice where a file must not be used. */
export const sentenceOf = (error: unknown): string => {
  const { code, path, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  if (code === undefined || path === undefined || !denied.has(code)) return message ?? '';
  return [
    `${path} belongs to another user, or may not be written (${code}).`,
    `Take it back (sudo chown -R "$(id -un)" ${shellWord(path)}), or keep the data elsewhere: DATA_FOLDER=<a folder of yours> make ...`,
  ].join('\n');
};
