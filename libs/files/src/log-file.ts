import { openSync } from 'node:fs';

/** Opens a log to append to, made for its user alone when it is not there. Returns the file descriptor. */
export const openLogFile = (file: string): number => openSync(file, 'a', 0o600);
