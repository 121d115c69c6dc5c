import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { help, readArguments, type ReceiptArguments } from './arguments.ts';
import { readVerifierKey, type VerifierKey } from './checkpoint.ts';
import { requireCorrectJson } from './correct-json.ts';
import { InputError } from './input-error.ts';
import { receiptJson, receiptText } from './receipt-report.ts';
import { verifyReceipt } from './receipt.ts';
import { reportJson, reportText } from './report.ts';
import { verifyExport, type Note } from './verify.ts';

const chunkBytes = 1024 * 1024;
const progressEveryMs = 250;

/** A stream that text is written to: standard output or standard error. */
interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface CommandParts {
  readonly args: readonly string[];
  readonly stdin: AsyncIterable<Buffer>;
  readonly out: Terminal;
  readonly err: Terminal;
  /** Default: this engine's JSON. */
  readonly parse?: (text: string) => unknown;
}

const reading = async <T>(file: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};

const readNote = async (file: string): Promise<Note> => ({ file, text: await reading(file, readFile(file, 'utf8')) });

const readKey = async (keyOrFile: string): Promise<VerifierKey> => {
  if (/^[^+\s]+\+[0-9a-f]{8}\+/.test(keyOrFile)) return readVerifierKey(keyOrFile);
  return readVerifierKey(await reading(keyOrFile, readFile(keyOrFile, 'utf8')));
};

async function* chunksOf(file: string | null, stdin: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream: AsyncIterable<Buffer> = file === null ? stdin : createReadStream(file, { highWaterMark: chunkBytes });
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await reading(file ?? 'Standard input', chunks.next());
    if (done === true) return;
    yield value;
  }
}

/** Prints the progress on a terminal, in one line that is overwritten; prints nothing elsewhere. */
const createProgress = (out: Terminal) => {
  let saidAt = performance.now();
  return (events: number): void => {
    const now = performance.now();
    if (out.isTTY !== true || now - saidAt < progressEveryMs) return;
    saidAt = now;
    out.write(`\r${events.toLocaleString('en')} events looked at\r`);
  };
};

const proveReceipt = async ({ receipt, keys }: ReceiptArguments, { args, out }: CommandParts): Promise<number> => {
  const answer = verifyReceipt(await readNote(receipt), await Promise.all(keys.map(readKey)));
  out.write(`${args.includes('--json') ? JSON.stringify(receiptJson(answer)) : receiptText(answer).join('\n')}\n`);
  return answer.fault === null ? 0 : 1;
};

const verify = async (parts: CommandParts): Promise<number> => {
  const { args, stdin, out, err, parse = JSON.parse } = parts;
  if (args.includes('--help') || args.includes('-h')) {
    out.write(help);
    return 0;
  }
  requireCorrectJson(parse);
  const given = readArguments(args);
  if ('receipt' in given) return proveReceipt(given, parts);
  const answer = await verifyExport({
    lines: chunksOf(given.exportFile, stdin),
    checkpoint: await readNote(given.checkpoint),
    older: await Promise.all(given.older.map(readNote)),
    keys: await Promise.all(given.keys.map(readKey)),
    tiles: given.tiles,
    isYoungerAllowed: given.isYoungerAllowed,
    onProgress: createProgress(err),
  });
  out.write(`${args.includes('--json') ? JSON.stringify(reportJson(answer)) : reportText(answer).join('\n')}\n`);
  return answer.verdict.finding === null ? 0 : 1;
};

/** Runs the command that `help` describes. Returns the exit code. */
export const runCommand = async (parts: CommandParts): Promise<number> => {
  try {
    return await verify(parts);
  } catch (error) {
    // Also a fault of the program itself is no answer about the log: never 1.
    const reason = error instanceof InputError ? error.message : String(error instanceof Error ? error.stack : error);
    if (parts.args.includes('--json')) parts.out.write(`${JSON.stringify({ answer: 'input', reason })}\n`);
    else parts.err.write(`${reason}\n`);
    return 2;
  }
};
