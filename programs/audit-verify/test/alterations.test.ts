import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readVerifierKey } from '../src/checkpoint.ts';
import { eventOf, exportOf, makeLog, makeSigner, noteOf, rootOf, withHash, type Line } from './test-log.ts';
import { verifyExport } from '../src/verify.ts';

const signer = makeSigner();
const size = 300;
const log = makeLog(size, signer);
const at = 137;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-verify-'));
  await writeFile(join(folder, 'hashes'), Buffer.concat(log.hashes));
});
afterAll(() => rm(folder, { recursive: true }));

interface Extra {
  readonly older?: readonly string[];
  readonly hasTiles?: boolean;
  readonly checkpoint?: string;
}

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

const verifyText = (exported: string, { older = [], hasTiles = false, checkpoint = log.checkpoint() }: Extra = {}) =>
  verifyExport({
    lines: chunksOf(exported),
    checkpoint: { file: 'checkpoint', text: checkpoint },
    older: older.map((text, index) => ({ file: `older-${index}`, text })),
    keys: [readVerifierKey(signer.vkey)],
    tiles: hasTiles ? join(folder, 'hashes') : null,
    isYoungerAllowed: false,
    onProgress: () => undefined,
  });

const verify = (lines: readonly Line[], extra?: Extra) => verifyText(exportOf(lines), extra);

/** Kind, first index, last index, and up to where the events are proven. */
const found = async (lines: readonly Line[], extra?: Extra) => {
  const { finding, provenUpTo } = (await verify(lines, extra)).verdict;
  return finding === null ? 'whole' : [finding.kind, finding.index, finding.to, provenUpTo];
};

const line = (index: number): Line => log.lines[index] ?? {};
const replaced = (...changes: readonly (readonly [index: number, line: Line])[]): Line[] => {
  const changed = new Map(changes);
  return log.lines.map((each, index) => changed.get(index) ?? each);
};
const renumbered = (lines: readonly Line[]): Line[] => lines.map((each, leafIndex) => ({ ...each, leafIndex }));

/** Another value of the same kind. */
const other = (value: unknown): unknown => {
  if (typeof value === 'string') return `${value.startsWith('7') ? '8' : '7'}${value.slice(1)}`;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return value.toReversed();
  return null;
};
type Path = readonly string[];
/** Every value of an event, at any depth, with the lists that hold some. */
const pathsOf = (value: unknown, path: Path = []): Path[] => [
  ...(typeof value !== 'object' || value === null || Array.isArray(value) ? [path] : []),
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => pathsOf(each, [...path, name]))
    : []),
];
const altered = (value: unknown, [name, ...rest]: Path): unknown => {
  if (name === undefined) return other(value);
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === name ? altered(each, rest) : each));
  const object = value as Line;
  return { ...object, [name]: altered(object[name], rest) };
};
const paths = pathsOf(eventOf(at)).map((path) => [path.join('.'), path] as const);

test('an export as it was written is whole, with and without tiles and older checkpoints', async () => {
  expect(await found(log.lines)).toBe('whole');
  expect(await found(log.lines, { hasTiles: true, older: [0, 1, 137, 256, 300].map((each) => log.checkpoint(each)) })).toBe(
    'whole',
  );
  const empty = makeLog(0, signer);
  expect(await found(empty.lines, { checkpoint: empty.checkpoint() })).toBe('whole');
  expect(paths.length).toBeGreaterThan(20);
});

describe('one altered value is named with its index:', () => {
  test.each(paths)('%s', async (_name, path) => {
    const forged = altered(line(at), path) as Line;
    expect(await found(replaced([at, forged]))).toEqual(['altered', at, at, at]);
    // Its hash was made anew: only the root, kept checkpoints, or tiles tell.
    const hidden = replaced([at, withHash(forged)]);
    expect(await found(hidden)).toEqual(['different', 0, size - 1, 0]);
    expect(await found(hidden, { older: [log.checkpoint(100), log.checkpoint(200)] })).toEqual(['different', 100, 199, 100]);
    expect(await found(hidden, { hasTiles: true })).toEqual(['altered', at, at, at]);
  });

  test.each(paths.filter(([, path]) => path.length === 1))(
    '%s taken away, and one more beside it',
    async (_name, [name = '']) => {
      const { [name]: _taken, ...shorter } = line(at);
      expect(await found(replaced([at, shorter]))).toEqual(['altered', at, at, at]);
      expect(await found(replaced([at, { ...line(at), [`${name}2`]: 'more' }]))).toEqual(['altered', at, at, at]);
    },
  );

  test('its leaf hash alone', async () => {
    const forged = replaced([at, { ...line(at), leafHash: line(at - 1)['leafHash'] }]);
    expect(await found(forged)).toEqual(['altered', at, at, 0]);
    expect(await found(forged, { hasTiles: true })).toEqual(['altered', at, at, at]);
  });

  test('what is said beside a removal, or marks the event as anything: no leaf was made of it', async () => {
    const { leafHash } = line(at);
    const named = ['altered', at, at, at];
    expect(await found(replaced([at, { leafIndex: at, leafHash, removed: 'redacted', action: 'script.delete' }]))).toEqual(named);
    expect(await found(replaced([at, { ...line(at), removed: 'redacted' }]))).toEqual(named);
    expect(await found(replaced([at, { ...line(at), redacted: { changes: 'by ada' } }]))).toEqual(named);
  });

  test('a number too large for a double, which reads as the nothing that the leaf holds', async () => {
    const nothing = makeLog(3, signer, signer.name, () => ({ changes: [{ path: '/size', before: null }] }));
    const text = exportOf(nothing.lines).replace('"before":null', '"before":1e400');
    await expect(verifyText(text, { checkpoint: nothing.checkpoint() })).rejects.toThrow('Line 2 holds the number 1e400');
  });

  test('a removed payload whose leaf hash was altered; with the right hash it is a removal that nothing tells of', async () => {
    const removed = { leafIndex: at, leafHash: line(at - 1)['leafHash'], removed: 'pruned' };
    expect(await found(replaced([at, removed]), { older: [log.checkpoint(137)] })).toEqual(['different', 137, 299, 137]);
    expect(await found(replaced([at, { ...removed, leafHash: line(at)['leafHash'] }]))).toEqual(['untold', null, null, size]);
  });

  test('back-dated, also when another event was altered before it so that its hash still fits', async () => {
    const backDated = { ...line(at), occurredAt: '2025-12-31T23:59:59.000Z' };
    expect(await found(replaced([at, backDated]))).toEqual(['altered', at, at, at]);
    const both = replaced([50, withHash({ ...line(50), result: 'denied' })], [at, backDated]);
    expect(await found(both)).toEqual(['altered', at, at, 0]);
    expect(await found(both, { older: [log.checkpoint(40), log.checkpoint(60)] })).toEqual(['different', 40, 59, 40]);
    expect(await found(both, { hasTiles: true })).toEqual(['altered', 50, 50, 50]);
  });
});

describe('events that were', () => {
  const without = log.lines.toSpliced(at, 2);
  const more = withHash({ ...eventOf(9_999), leafIndex: at });
  const swapped = replaced([at, line(at + 3)], [at + 3, line(at)]);
  const tiles = { hasTiles: true };

  test('deleted are missing', async () => {
    expect(await found(without)).toEqual(['missing', at, at + 1, 0]);
    expect(await found(without, tiles)).toEqual(['missing', at, at + 1, at]);
    expect(await found(log.lines.slice(1), tiles)).toEqual(['missing', 0, 0, 0]);
  });

  test('deleted and closed up behind are missing', async () => {
    const closed = renumbered(without);
    expect(await found(closed)).toEqual(['missing', 298, 299, 0]);
    expect(await found(closed, { older: [log.checkpoint(137), log.checkpoint(200)] })).toEqual(['different', 137, 199, 137]);
    expect(await found(closed, tiles)).toEqual(['missing', at, at + 1, at]);
  });

  test('cut off at the end are missing', async () => {
    expect(await found(log.lines.slice(0, 290))).toEqual(['missing', 290, 299, 0]);
    expect(await found(log.lines.slice(0, 290), { older: [log.checkpoint(290)] })).toEqual(['missing', 290, 299, 290]);
    expect(await found([])).toEqual(['missing', 0, 299, 0]);
  });

  test('put in are added', async () => {
    const inserted = renumbered(log.lines.toSpliced(at, 0, more));
    expect(await found(inserted)).toEqual(['different', 0, 299, 0]);
    expect(await found(inserted, { older: [log.checkpoint(137), log.checkpoint(138)] })).toEqual(['different', 137, 137, 137]);
    expect(await found(inserted, tiles)).toEqual(['added', at, at, at]);
    expect(await found(log.lines.toSpliced(at + 1, 0, more))).toEqual(['repeated', at, at, at]);
  });

  test('put at the end are added', async () => {
    const appended = [...log.lines, withHash({ ...eventOf(300), leafIndex: 300 }), withHash({ ...eventOf(301), leafIndex: 301 })];
    expect(await found(appended)).toEqual(['added', 300, 301, 300]);
  });

  test('swapped are reordered, whether they kept their indexes, or only their hashes, or gave up both', async () => {
    expect(await found(swapped)).toEqual(['reordered', at, at, 0]);
    const indexesStay = replaced(
      [at, { ...line(at + 3), leafIndex: at, leafHash: line(at)['leafHash'] }],
      [at + 3, { ...line(at), leafIndex: at + 3, leafHash: line(at + 3)['leafHash'] }],
    );
    expect(await found(indexesStay)).toEqual(['reordered', at, at, at]);
    const hashesGo = renumbered(swapped);
    expect(await found(hashesGo)).toEqual(['different', 0, 299, 0]);
    expect(await found(hashesGo, tiles)).toEqual(['reordered', at, at, at]);
  });

  test('given twice are repeated', async () => {
    expect(await found(log.lines.toSpliced(at + 1, 0, line(at)))).toEqual(['repeated', at, at, at]);
    expect(await found(log.lines.toSpliced(at + 5, 0, line(at)), tiles)).toEqual(['repeated', at, at, at]);
    expect(await found(renumbered(log.lines.toSpliced(at, 0, line(at - 1))), tiles)).toEqual(['repeated', at, at, at]);
    expect(await found(replaced([at, { ...line(5), leafIndex: at }]), tiles)).toEqual(['repeated', at, at, at]);
  });
});

describe('a log that was', () => {
  test('rolled back knows fewer events than a kept checkpoint', async () => {
    const shorter = { checkpoint: log.checkpoint(250), older: [log.checkpoint(280)] };
    expect(await found(log.lines.slice(0, 250), shorter)).toEqual(['rolled-back', 250, 279, 0]);
  });

  test('written anew and signed again does not continue the kept checkpoints', async () => {
    const lines = replaced([at, withHash({ ...line(at), result: 'denied' })]);
    const hashes = lines.map(({ leafHash }) => Buffer.from(String(leafHash), 'base64'));
    const checkpoint = noteOf(signer, `${signer.name}\n${size}\n${rootOf(hashes)}\n`);
    expect(await found(lines, { checkpoint })).toBe('whole');
    expect(await found(lines, { checkpoint, older: [log.checkpoint(100)] })).toBe('whole');
    const older = [log.checkpoint(300), log.checkpoint(120), log.checkpoint(200)];
    expect(await found(lines, { checkpoint, older })).toEqual(['different', 120, 199, 120]);
  });

  test('signed twice at one size, with two roots, is not believed', async () => {
    const stranger = noteOf(signer, `${signer.name}\n${size}\n${rootOf(log.hashes.toReversed())}\n`);
    expect(await found(log.lines, { older: [stranger] })).toEqual(['different', 0, 299, 0]);
  });
});
