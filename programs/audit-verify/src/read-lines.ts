import { isUtf8 } from 'node:buffer';
import { InputError } from './input-error.ts';

export interface Line {
  /** The line number, from 1. */
  readonly number: number;
  readonly text: string;
}

/** The longest line that is read: longer than any event. */
const lineBytesMax = 16 * 1024 * 1024;
const newline = 0x0a;

const lineOf = (bytes: Buffer, number: number): Line => {
  if (!isUtf8(bytes)) throw new InputError(`Line ${number} is not UTF-8.`);
  return { number, text: bytes.toString('utf8') };
};

/** Reads the lines of a stream, those of one chunk together, without empty ones. It buffers one line and one chunk. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Line[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let number = 0;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const tail = chunk.subarray(start, end);
      number += 1;
      const bytes = rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
      if (bytes.length > 0) lines.push(lineOf(bytes, number));
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > lineBytesMax) throw new InputError(`Line ${number + 1} is longer than ${lineBytesMax} bytes.`);
    yield lines;
  }
  if (restBytes > 0) yield [lineOf(Buffer.concat(rest), number + 1)];
}
