import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { help } from '../src/arguments.ts';
import { runCommand } from '../src/command.ts';
import { exportOf, headerOf, makeLog, makeSigner, noteOf, rootOf, type Line } from './test-log.ts';
import { tilePath } from '../src/tiles.ts';

const signer = makeSigner('guildhall.example/audit');
const log = makeLog(600, signer);
const root = String(log.checkpoint().split('\n')[2]);
let folder: string;

const file = (name: string): string => join(folder, name);
const put = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(file(name), content);
  return file(name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-verify-command-'));
  await put('export', exportOf(log.lines));
  await put('checkpoint', log.checkpoint());
  await put('older', log.checkpoint(400));
  await put('key', `${signer.vkey}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = async (args: readonly string[], input = ''): Promise<Ran> => {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand({
    args,
    stdin: Readable.from([Buffer.from(input)]),
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(''), err: err.join('') };
};

const checked = (...more: readonly string[]): string[] => ['--checkpoint', file('checkpoint'), '--key', file('key'), ...more];
const judged = async (text: string | Buffer): Promise<Ran> => run(checked(await put('broken', text)));
/** An event in which a service announces a removal. */
const telling = (action: string, count: number, indexes: Line = {}): Line => ({
  action,
  service: 'audit',
  changes: [{ path: '/count', after: count }, ...Object.entries(indexes).map(([name, after]) => ({ path: `/${name}`, after }))],
});
/** The line that a removed event leaves. */
const gap = (line: Line | undefined, removed: string): Line => ({
  leafIndex: line?.['leafIndex'],
  leafHash: line?.['leafHash'],
  removed,
});
const refused = (reason: string): Ran => ({ code: 2, out: '', err: `${reason}\n` });

describe('audit-verify says', () => {
  test('that an export is whole, of a file and of standard input, with a key as a file and as text', async () => {
    const whole = `whole: 600 events, root ${root}, signed by guildhall.example/audit`;
    const grown = { code: 0, out: `${whole}, grown from the checkpoint of size 400\n`, err: '' };
    expect(await run(checked('--older', file('older'), file('export')))).toEqual(grown);
    const args = ['--checkpoint', file('checkpoint'), '--key', signer.vkey, '--older', file('older'), '-'];
    expect(await run(args, exportOf(log.lines))).toEqual(grown);
    const alone = 'No older checkpoint was given: this does not tell whether the log was written anew and signed again.';
    expect(await run(checked(file('export')))).toEqual({ code: 0, out: `${whole}\n${alone}\n`, err: '' });
  });

  test('what is younger than the checkpoint, and that a removal is not told of', async () => {
    const lines = log.lines.map((line, leafIndex): Line => {
      const { leafHash } = line;
      if (leafIndex < 3) return { leafIndex, leafHash, removed: 'pruned' };
      return leafIndex === 7 ? { leafIndex, leafHash, removed: 'redacted' } : line;
    });
    await put('removed', exportOf(lines));
    const args = ['--checkpoint', file('older'), '--key', file('key'), '--allow-younger', '--json', file('removed')];
    const { code, out } = await run(args);
    const reason =
      '4 events were removed, and nothing in the trail tells of it: 0-2, 7. If they were removed after the checkpoint was taken, take a younger one and an export that reaches it.';
    expect([code, JSON.parse(out)]).toEqual([
      1,
      {
        answer: 'broken',
        origin: 'guildhall.example/audit',
        size: 400,
        root: log.checkpoint(400).split('\n')[2],
        signedBy: ['guildhall.example/audit'],
        older: [],
        finding: { kind: 'untold', index: null, to: null, line: null, eventId: null, reason },
        provenUpTo: 400,
        removed: { pruned: 3, redacted: 1 },
        told: { pruned: 0, redacted: 0 },
        vague: 0,
        younger: 200,
        remarks: [],
      },
    ]);
    const removed = await run(checked('--older', file('older'), file('removed')));
    expect(removed).toEqual({ code: 1, out: `removed without being told of: ${reason}\n`, err: '' });
  });

  test.each<[string, readonly ('pruned' | 'redacted')[], readonly Line[], number]>([
    ['nothing was pruned, and fewer redactions are told of', ['redacted', 'redacted'], [telling('audit.redact', 1)], 1],
    ['the last pruning is told of, and those before it were pruned', ['pruned', 'pruned'], [telling('audit.prune', 1)], 0],
    ['what told of a redaction was pruned', ['pruned', 'redacted'], [telling('audit.prune', 1)], 0],
    ['no pruning is told of', ['pruned', 'redacted'], [telling('audit.redact', 1)], 1],
    ['somebody else tells of it', ['redacted'], [{ ...telling('audit.redact', 1), service: 'auth' }], 1],
    ['a pruning states that nothing is left before it', ['pruned', 'redacted'], [telling('audit.prune', 1, { below: 2 })], 0],
    ['a pruning states a number that is too small', ['pruned', 'pruned'], [telling('audit.prune', 2, { below: 1 })], 1],
    [
      'indexes are stated',
      ['pruned', 'redacted', 'redacted'],
      [telling('audit.prune', 1, { below: 1 }), telling('audit.redact', 2, { indexes: '1-2' })],
      0,
    ],
    [
      'an index is not stated',
      ['pruned', 'redacted', 'redacted'],
      [telling('audit.prune', 1, { below: 1 }), telling('audit.redact', 2, { indexes: '1' })],
      1,
    ],
    ['what is stated are no indexes', ['redacted'], [telling('audit.redact', 1, { indexes: '0,' })], 1],
  ])('a removal made up or not, when %s', async (_when, removals, tellings, code) => {
    const made = makeLog(12, signer, signer.name, (index) => (index >= 8 ? (tellings[index - 8] ?? {}) : {}));
    const lines = made.lines.map(({ leafIndex, leafHash, ...event }, index): Line => {
      const removed = removals[index];
      return removed === undefined ? { leafIndex, leafHash, ...event } : { leafIndex, leafHash, removed };
    });
    await put('made', exportOf(lines));
    await put('made.checkpoint', made.checkpoint());
    const ran = await run(['--checkpoint', file('made.checkpoint'), '--key', file('key'), file('made')]);
    expect([ran.code, ran.out.split(':')[0]]).toEqual([code, code === 0 ? 'whole' : 'removed without being told of']);
  });

  test('that events were altered before they were redacted, as the trail tells: what they said is gone with them', async () => {
    const made = makeLog(6, signer, signer.name, (index) =>
      index === 4 ? telling('audit.redact', 3, { indexes: '0-2', altered: '1,3-4' }) : {},
    );
    const lines = made.lines.map((line, index): Line => (index < 3 ? gap(line, 'redacted') : line));
    await put('altered', exportOf(lines));
    await put('altered.checkpoint', made.checkpoint());
    const ran = await run(['--checkpoint', file('altered.checkpoint'), '--key', file('key'), file('altered')]);
    const out = 'altered: 1 events were altered before they were redacted, as the trail tells: 1.\n';
    expect(ran).toEqual({ code: 1, out, err: '' });
  });

  test('that the trail tells itself of what was removed', async () => {
    const told = makeLog(12, signer, signer.name, (index) =>
      index === 8 ? telling('audit.prune', 3) : index === 9 ? telling('audit.redact', 2) : {},
    );
    const lines = told.lines.map(({ leafIndex, leafHash, ...event }, index): Line => {
      if (index < 4) return { leafIndex, leafHash, removed: index < 3 ? 'pruned' : 'redacted' };
      return { leafIndex, leafHash, ...event };
    });
    await put('told', exportOf(lines));
    await put('told.checkpoint', told.checkpoint());
    const { code, out } = await run(['--checkpoint', file('told.checkpoint'), '--key', file('key'), file('told')]);
    const gone = '3 of them were pruned and 1 redacted: their hashes are proven, their content is gone.';
    const vague = 'An earlier version of the service told only how many: 4 may be those, or made up.';
    expect([code, out.split('\n')[1]]).toEqual([0, `${gone} ${vague}`]);
    const exact = makeLog(5, signer, signer.name, (index) =>
      index === 4 ? telling('audit.prune', 1, { below: 1, indexes: '3' }) : {},
    );
    const [first, second, third, fourth, last] = exact.lines;
    await put('exact', exportOf([gap(first, 'pruned'), second ?? {}, third ?? {}, gap(fourth, 'pruned'), last ?? {}]));
    await put('exact.checkpoint', exact.checkpoint());
    const ran = await run(['--checkpoint', file('exact.checkpoint'), '--key', file('key'), file('exact')]);
    expect([ran.code, ran.out.split('\n')[1]]).toEqual([
      0,
      '2 of them were pruned and 0 redacted: their hashes are proven, their content is gone. The trail tells of each.',
    ]);
  });

  test('which index was altered, with line and event, and what is proven before it', async () => {
    const lines = log.lines.with(444, { ...log.lines[444], result: 'denied' });
    await put('altered', exportOf(lines));
    const where =
      'altered: index 444 (line 446, event 00000000-0000-4000-8000-000000000444). It is not what its leaf hash was made of.';
    expect(await run(checked(file('altered')))).toEqual({
      code: 1,
      out: `${where}\nThe 444 events before it are proven.\n`,
      err: '',
    });
  });

  test('between which checkpoints the first difference lies, and with tiles where it is', async () => {
    const forged = makeLog(600, signer).lines.map((line, index) =>
      index === 555 ? { ...log.lines[554], leafIndex: 555 } : line,
    );
    await put('forged', exportOf(forged));
    expect(await run(checked('--older', file('older'), file('forged')))).toEqual({
      code: 1,
      out: `different from what was signed: the first difference lies at indexes 400 to 599. The root of the first 600 events is not the one that was signed.\nThe 400 events before it are proven.\n`,
      err: '',
    });
    await mkdir(file('tile/0/002.p'), { recursive: true });
    for (const tile of [0, 1])
      await put(`tile/0/${tilePath(tile)}`, Buffer.concat(log.hashes.slice(tile * 256, (tile + 1) * 256)));
    await put('tile/0/002.p/9', Buffer.concat(log.hashes.slice(512, 521)));
    await put('tile/0/002.p/88', Buffer.concat(log.hashes.slice(512)));
    const told = await run(checked('--tiles', folder, file('forged')));
    const where =
      'repeated: index 555 (line 557, event 00000000-0000-4000-8000-000000000554). It is the event of index 554 once more.';
    expect(told).toEqual({ code: 1, out: `${where}\nThe 555 events before it are proven.\n`, err: '' });
  });

  test('that a tile of any level was altered, while one that ends early is only not used', async () => {
    const verified = (): Promise<Ran> => run(checked('--tiles', file('hashes'), '--older', file('older'), file('export')));
    await put('hashes', Buffer.concat(log.hashes.toReversed()));
    const lowest = 'tiles altered: The tiles of leaf hashes do not lead to the root that was signed.\n';
    expect(await verified()).toEqual({ code: 1, out: lowest, err: '' });
    await put('hashes', Buffer.concat(log.hashes.slice(0, 599)));
    const { code, out } = await verified();
    expect([code, out.split('\n')[1]]).toEqual([0, `The tiles in ${file('hashes')} end before index 599, and were not used.`]);

    const mirror = file('mirror');
    await mkdir(join(mirror, 'tile/0/002.p'), { recursive: true });
    await mkdir(join(mirror, 'tile/1/000.p'), { recursive: true });
    for (const tile of [0, 1])
      await put(`mirror/tile/0/00${tile}`, Buffer.concat(log.hashes.slice(tile * 256, (tile + 1) * 256)));
    await put('mirror/tile/0/002.p/88', Buffer.concat(log.hashes.slice(512)));
    const above = [0, 1].map((tile) => Buffer.from(rootOf(log.hashes.slice(tile * 256, (tile + 1) * 256)), 'base64'));
    const mirrored = (): Promise<Ran> => run(checked('--tiles', mirror, '--older', file('older'), file('export')));
    await put('mirror/tile/1/000.p/2', Buffer.concat(above));
    expect((await mirrored()).code).toBe(0);
    await put('mirror/tile/1/000.p/2', Buffer.concat(above.toReversed()));
    const fault = 'tiles altered: Tile 1/000 does not hold the roots of the tiles below it.\n';
    expect(await mirrored()).toEqual({ code: 1, out: fault, err: '' });
  });

  test('that a checkpoint was forged, and that a log was rolled back', async () => {
    await put('bigger', log.checkpoint().replace('\n600\n', '\n601\n'));
    const forged = `forged: ${file('bigger')} is forged or was altered: the signature under the name guildhall.example/audit does not hold.\n`;
    expect(await run(['--checkpoint', file('bigger'), '--key', file('key'), file('export')])).toEqual({
      code: 1,
      out: forged,
      err: '',
    });
    const args = ['--checkpoint', file('older'), '--key', file('key'), '--older', file('checkpoint'), file('export')];
    const rolledBack = 'rolled back: missing indexes 400 to 599. A kept checkpoint knew 600 events, this one knows 400.\n';
    expect(await run(args)).toEqual({ code: 1, out: rolledBack, err: '' });
  });
});

test('audit-verify is a program of its own', async () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    main,
    ...checked('--json', '--older', file('older'), file('export')),
  ]);
  expect(JSON.parse(stdout)).toMatchObject({ answer: 'whole', size: 600, older: [400] });
  const failing = promisify(execFile)(process.execPath, [main, ...checked(file('checkpoint'))]);
  await expect(failing).rejects.toMatchObject({ code: 2, stdout: '', stderr: 'Line 1 is not JSON.\n' });
});

/** Node 26.10.0, as far as the check sees it. */
const misread = (text: string): unknown => (text.includes(String.raw`\"`) ? { a: 2, 'a\\': 1 } : JSON.parse(text));

describe('audit-verify refuses to judge', () => {
  test('anything with an engine that takes one key for another', async () => {
    const err: string[] = [];
    const parts = { args: checked(file('export')), stdin: Readable.from([]), out: { write: () => true }, parse: misread };
    const code = await runCommand({ ...parts, err: { write: (text) => err.push(text) } });
    const reason = `Node ${process.versions.node} misreads keys in JSON (nodejs/node#63785): use Node 26.12.1 or later.\n`;
    expect([code, err]).toEqual([2, [reason]]);
  });

  test('a checkpoint that somebody else signed, and one of another log', async () => {
    const stranger = makeSigner('guildhall.example/audit');
    const idOf = ({ id, name }: typeof stranger): string => `${name}+${id.toString('hex')}`;
    await put('strange', makeLog(3, stranger).checkpoint());
    const args = ['--checkpoint', file('strange'), '--key', file('key'), file('export')];
    expect(await run(args)).toEqual(refused(`${file('strange')} is not signed by ${idOf(signer)}, but by ${idOf(stranger)}.`));
    await put('another', makeLog(3, signer, 'another.example/log').checkpoint());
    expect(await run(checked('--older', file('another'), file('export')))).toEqual(
      refused('The checkpoints are of two logs, guildhall.example/audit and another.example/log.'),
    );
  });

  test('what is no export, and says which line', async () => {
    const [first, second] = exportOf(log.lines).split('\n');
    expect(await judged('')).toEqual(refused('The export is empty.'));
    expect(await judged(`${second}\n`)).toEqual(refused('The export does not begin with its header.'));
    expect(await judged(exportOf([], { ...headerOf(3), version: 2 }))).toEqual(
      refused('The export is of version 2; only version 1 is known here.'),
    );
    expect(await judged(exportOf([], { ...headerOf(3), filters: { actor: 'ada' } }))).toEqual(
      refused('The export was narrowed by filters: only one of all events can be proven.'),
    );
    expect(await judged(exportOf([], { ...headerOf(3), origin: 'another.example/log' }))).toEqual(
      refused('The export is of the log another.example/log, the checkpoint of guildhall.example/audit.'),
    );
    expect(await judged(`${first}\n\n${second}\n{"leafIndex":\n`)).toEqual(refused('Line 4 is not JSON.'));
    expect(await judged(`${first}\n{"id":"a"}\n`)).toEqual(refused('Line 2 is not an event with its leafIndex and leafHash.'));
    expect(await judged(Buffer.concat([Buffer.from(`${first}\n`), Buffer.of(0x22, 0xff, 0x22)]))).toEqual(
      refused('Line 2 is not UTF-8.'),
    );
  });

  test('what is no checkpoint, no key, no file, and no command', async () => {
    await put('note', noteOf(signer, 'guildhall.example/audit\n007\nnothing\n'));
    expect(await run(['--checkpoint', file('note'), '--key', file('key')])).toEqual(
      refused(`${file('note')} is not a checkpoint: origin, size and root, each in a line.`),
    );
    expect(await run(['--checkpoint', file('key'), '--key', file('key')])).toEqual(
      refused(`${file('key')} is not a signed note: text, an empty line, signatures.`),
    );
    const damaged = signer.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+');
    expect(await run(['--checkpoint', file('checkpoint'), '--key', damaged])).toEqual(
      refused(`The key is damaged: its hash is ${signer.id.toString('hex')}, not 00000000.`),
    );
    expect((await run(checked(file('nothing')))).err).toContain(`${file('nothing')} cannot be read: ENOENT`);
    expect(await run(['--json'])).toEqual({
      code: 2,
      out: `${JSON.stringify({ answer: 'input', reason: `A checkpoint, a key and at most one export are needed.\n\n${help}` })}\n`,
      err: '',
    });
    expect((await run(['--what'])).err).toContain(help);
    expect(await run(['--help'])).toEqual({ code: 0, out: help, err: '' });
  });
});
