import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createPrettyLog } from './pretty-log.ts';

const keptLogBytesMax = 10 * 1024 * 1024;
const tailLines = 15;

/** Keeps one older log beside the current one, so that logs do not grow with every start. */
export const rotateLog = (file: string): void => {
  if (existsSync(file) && statSync(file).size >= keptLogBytesMax) renameSync(file, `${file}.1`);
};

/** The size of a log in bytes. */
export const logSize = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** A sentence about what was logged from a byte on, with the last lines of it in a form for people. */
export const describeLog = (file: string, fromByte: number): string => {
  const text = existsSync(file) ? readFileSync(file).subarray(fromByte).toString('utf8').trim() : '';
  if (text === '') return `It has logged nothing (${file}).`;
  const pretty = createPrettyLog({ hasColour: false });
  const lines = text
    .split('\n')
    .slice(-tailLines)
    .map((line) => pretty(`${line}\n`).trimEnd());
  return `Its log ends with:\n${lines.join('\n')}`;
};
