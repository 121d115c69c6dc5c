import { existsSync, renameSync, statSync } from 'node:fs';

const keptLogBytesMax = 10 * 1024 * 1024;

/** Keeps one older log beside the current one, so that logs do not grow with every start. */
export const rotateLog = (file: string): void => {
  if (existsSync(file) && statSync(file).size >= keptLogBytesMax) renameSync(file, `${file}.1`);
};
