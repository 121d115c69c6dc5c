import { Writable } from 'node:stream';
import { createLog, type Logger } from '@guildhall/http';
import { catchLog as catchLines } from '@guildhall/testkit';

export interface CaughtLine {
  readonly msg: string;
  readonly level: number;
  readonly [field: string]: unknown;
}

/** A log whose lines can be read. */
export const catchLog = (): { readonly log: Logger; readonly lines: CaughtLine[] } => {
  const lines: CaughtLine[] = [];
  const caught = catchLines('gateway');
  const stream = new Writable({
    write(chunk: Buffer, encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')) as CaughtLine);
      caught.stream.write(chunk, encoding, done);
    },
  });
  return { lines, log: createLog({ service: 'gateway', level: 'debug' }, stream) };
};
