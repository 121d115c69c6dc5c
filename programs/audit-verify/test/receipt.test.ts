import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/canonical-json.ts';
import { readVerifierKey } from '../src/checkpoint.ts';
import { runCommand } from '../src/command.ts';
import { InputError } from '../src/input-error.ts';
import { verifyReceipt } from '../src/receipt.ts';
import { eventOf, makeLog, makeSigner, noteOf, withHash, type Line } from './test-log.ts';

const signer = makeSigner();
const keys = [readVerifierKey(signer.vkey)];

/** The audit path as RFC 6962, section 2.1.1 defines it, from the leaf upwards. */
const pathOf = (index: number, hashes: readonly Buffer[]): Buffer[] => {
  if (hashes.length <= 1) return [];
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split ? [...pathOf(index, left), treeHash(right)] : [...pathOf(index - split, right), treeHash(left)];
};
const treeHash = (hashes: readonly Buffer[]): Buffer => {
  const [only] = hashes;
  if (hashes.length === 1 && only !== undefined) return only;
  const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return hash('sha256', Buffer.concat([Buffer.of(1), treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split))]), 'buffer');
};

const textOf = ({ leafIndex: _index, leafHash: _hash, ...event }: Line): string => canonicalJson(event);

const receiptOf = (log: ReturnType<typeof makeLog>, index: number, eventText = textOf(log.lines[index] ?? {})): string =>
  [
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(eventText).toString('base64')}`,
    `index ${index}`,
    ...pathOf(index, log.hashes).map((each) => each.toString('base64')),
    '',
    log.checkpoint(),
  ].join('\n');

const faultOf = (text: string): string | null => {
  try {
    return verifyReceipt({ file: 'receipt', text }, keys).fault;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
};

describe('a receipt', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33])('of each event of a log of %i holds, and of no other index', (size) => {
    const log = makeLog(size, signer);
    for (let index = 0; index < size; index += 1) {
      const text = receiptOf(log, index);
      expect(faultOf(text)).toBeNull();
      for (const other of [index - 1, index + 1, index + size].filter((each) => each >= 0))
        expect([other, faultOf(text.replace(`\nindex ${index}\n`, `\nindex ${other}\n`))]).not.toEqual([other, null]);
    }
  });

  test('does not hold with any of its bits flipped', () => {
    const bytes = Buffer.from(receiptOf(makeLog(5, signer), 2));
    const held: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (faultOf(altered.toString('utf8')) === null) held.push(bit);
    }
    expect(held).toEqual([]);
  });

  test('with a hash of its path left out, added or exchanged does not hold', () => {
    const lines = receiptOf(makeLog(11, signer), 4).split('\n');
    const [, , , first = '', second = ''] = lines;
    for (const path of [[second], [first, first], [second, first], [first, second, first]])
      expect(faultOf([...lines.slice(0, 3), ...path, ...lines.slice(5)].join('\n'))).not.toBeNull();
  });
});

const said = (lines: readonly string[]) => ({ code: 0, out: `${lines.join('\n')}\n`, err: '' });

describe('audit-verify --receipt', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-verify-receipt-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (text: string, ...more: readonly string[]) => {
    const file = join(folder, 'receipt');
    await writeFile(file, text);
    const [out, err]: [string[], string[]] = [[], []];
    const parts = {
      stdin: Readable.from([]),
      out: { write: (line: string) => out.push(line) },
      err: { write: (line: string) => err.push(line) },
    };
    const code = await runCommand({ args: ['--receipt', file, '--key', signer.vkey, ...more], ...parts });
    return { code, out: out.join(''), err: err.join('') };
  };
  const log = makeLog(9, signer);
  const proven = `proven: this event is at index 7 of ${signer.name}, signed at 9 events by ${signer.name}`;

  test('prints the event that is proven, for a person and for a machine', async () => {
    expect(await run(receiptOf(log, 7))).toEqual(said([proven, textOf(log.lines[7] ?? {})]));
    const { code, out } = await run(receiptOf(log, 7), '--json');
    const facts = { origin: signer.name, size: 9, signedBy: [signer.name], notChecked: [], index: 7, fault: null };
    expect([code, JSON.parse(out)]).toEqual([0, { answer: 'proven', ...facts, event: eventOf(7) }]);
  });

  test('names the signatures that it had no key for', async () => {
    const witness = makeSigner('witness.example');
    const text = `${receiptOf(log, 7)}${noteOf(witness, 'x\n').split('\n').at(-2)}\n`;
    const not = 'Not checked, since no key was given: the signature of witness.example.';
    expect(await run(text)).toEqual(said([proven, textOf(log.lines[7] ?? {}), not]));
  });

  test('prints nothing that a terminal would obey', async () => {
    const name = '\u009b2J\u202eabc';
    const tricky = makeLog(3, signer, signer.name, () => ({ requestId: name }));
    const { code, out } = await run(receiptOf(tricky, 1));
    expect([code, out.includes('\\u009b2J\\u202eabc'), /[\u009b\u202e]/.test(out)]).toEqual([0, true, false]);
  });

  test('ends with 1 for an event that was altered, and for a forged checkpoint', async () => {
    const other = textOf(withHash({ ...eventOf(7), action: 'script.delete' }));
    const altered = 'The event at index 7 does not lead to the root that was signed: the receipt was altered.';
    expect(await run(receiptOf(log, 7, other))).toEqual({ code: 1, out: `altered: ${altered}\n`, err: '' });
    const forged = receiptOf(log, 7).replace(`\n9\n`, '\n10\n');
    expect((await run(forged, '--json')).out).toContain('"answer":"altered"');
    expect((await run(forged)).code).toBe(1);
  });

  test.each([
    ['nothing', '', 'is not a receipt: it does not begin with c2sp.org/tlog-proof@v1.'],
    ['a checkpoint', log.checkpoint(), 'is not a receipt: it does not begin with c2sp.org/tlog-proof@v1.'],
    [
      'a receipt without its event',
      receiptOf(log, 7).replace(/extra .*\n/, ''),
      'is not a receipt: extra, index, a path and a checkpoint.',
    ],
    ['one of a stranger', receiptOf(makeLog(9, makeSigner('stranger.example')), 7), `is not signed by ${signer.name}`],
  ])('ends with 2 for %s', async (_what, text, reason) => {
    const { code, out, err } = await run(text);
    expect([code, out, err.includes(reason)]).toEqual([2, '', true]);
  });

  test('takes nothing beside a receipt but keys', async () => {
    const { code, err } = await run(receiptOf(log, 7), '--older', 'x');
    expect([code, err.startsWith('A receipt is proven with a key, and with nothing else.')]).toEqual([2, true]);
  });
});
