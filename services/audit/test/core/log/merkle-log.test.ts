import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Hash,
  leafHash,
  planConsistency,
  planInclusion,
  rootOf,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from '@guildhall/tlog';
import { readTilePath, tilePathOf } from '../../../src/core/log/tiles.ts';
import { createLogModel, definedRoot, leafAt, sha256 } from './log-model.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The leaves and roots that the implementations of RFC 6962 have in common as their test. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const knownRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const [emptyLeaf, second, third, fifth] = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
];
const knownPaths: readonly (readonly [index: number, size: number, path: readonly string[]])[] = [
  [0, 1, []],
  [0, 8, [second, third, '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4']],
  [5, 8, [fifth, 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', knownRoots[4] ?? '']],
  [2, 3, [knownRoots[2] ?? '']],
  [1, 5, [emptyLeaf, third, fifth]],
];
const knownConsistency: readonly (readonly [first: number, second: number, path: readonly string[]])[] = [
  [1, 1, []],
  [1, 8, [second, third, '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4']],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      knownRoots[4] ?? '',
    ],
  ],
  [2, 5, [third, fifth]],
];

const knownLog = () => {
  const model = createLogModel();
  model.append(inputs.map((input) => leafHash(sha256, Buffer.from(input, 'hex'))));
  return model;
};

describe('known answers', () => {
  test('every root from no leaf to eight', () => {
    const model = createLogModel();
    const roots = [hex(rootOf(sha256, []))];
    for (const leaf of knownLog().leaves) {
      model.append([leaf]);
      roots.push(hex(rootOf(sha256, model.frontier().hashes)));
    }
    expect(roots).toEqual(knownRoots);
  });

  test.each(knownPaths)('the path of leaf %i in a tree of %i', (index, size, path) => {
    expect(knownLog().prove(planInclusion(index, size)).path.map(hex)).toEqual(path);
  });

  test.each(knownConsistency)('the proof from %i to %i', (first, size, path) => {
    expect(knownLog().prove(planConsistency(first, size)).path.map(hex)).toEqual(path);
  });
});

/** A log of `size` leaves, appended in batches of these widths again and again. */
const logOf = (size: number, widths: readonly number[]) => {
  const model = createLogModel();
  for (let at = 0, batch = 0; at < size; batch += 1) {
    const width = Math.min(widths[batch % widths.length] ?? 1, size - at);
    model.append(Array.from({ length: width }, (_, offset) => leafAt(at + offset)));
    at += width;
  }
  return model;
};

const changed = (hashes: readonly Hash[], at: number): Hash[] =>
  hashes.map((hash, index) =>
    index === at % hashes.length ? Uint8Array.from(hash, (byte, place) => (place === at % 32 ? byte ^ 1 : byte)) : hash,
  );

const shapes = fc.record({
  size: fc.integer({ min: 1, max: 1_200 }),
  widths: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
  part: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  flip: fc.nat(),
});
const runs = { numRuns: 60 };

describe('any log, appended in any batches', () => {
  test('has the root that its leaves define, and as many hashes in its frontier as its size has ones', () => {
    fc.assert(
      fc.property(shapes, ({ size, widths }) => {
        const { frontier, leaves } = logOf(size, widths);
        expect(frontier().size).toBe(size);
        expect(frontier().hashes).toHaveLength(subtreesOf(size));
        expect(hex(rootOf(sha256, frontier().hashes))).toBe(hex(definedRoot(leaves)));
      }),
      runs,
    );
  });

  test('proves each of its leaves with at most 2 log₂ n hashes; nothing else is proved by that', () => {
    fc.assert(
      fc.property(shapes, ({ size, widths, part, flip }) => {
        const model = logOf(size, widths);
        const index = Math.floor(part * size);
        const { path, asked } = model.prove(planInclusion(index, size));
        expect(asked).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)));
        const proof = { index, size, leaf: leafAt(index), root: definedRoot(model.leaves), path };
        expect(verifyInclusion(sha256, proof)).toBe(true);
        expect(verifyInclusion(sha256, { ...proof, leaf: leafAt(index + 1) })).toBe(false);
        expect(verifyInclusion(sha256, { ...proof, index: size })).toBe(false);
        expect(verifyInclusion(sha256, { ...proof, index: -1 })).toBe(false);
        expect(verifyInclusion(sha256, { ...proof, path: [...path, leafAt(flip)] })).toBe(false);
        if (path.length === 0) return;
        expect(verifyInclusion(sha256, { ...proof, path: changed(path, flip) })).toBe(false);
        expect(verifyInclusion(sha256, { ...proof, path: path.slice(1) })).toBe(false);
        expect(verifyInclusion(sha256, { ...proof, index: (index + 1) % size })).toBe(false);
      }),
      runs,
    );
  });

  test('proves that it goes on from every smaller one with at most 2 log₂ n hashes; nothing else is proved by that', () => {
    fc.assert(
      fc.property(shapes, ({ size, widths, part, flip }) => {
        const model = logOf(size, widths);
        const first = Math.floor(part * (size + 1));
        const { path, asked } = model.prove(planConsistency(first, size));
        expect(asked).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 1);
        const [firstRoot, secondRoot] = [definedRoot(model.leaves.slice(0, first)), definedRoot(model.leaves)];
        const proof = { first, second: size, firstRoot, secondRoot, path };
        expect(verifyConsistency(sha256, proof)).toBe(true);
        expect(verifyConsistency(sha256, { ...proof, first: size + 1 })).toBe(false);
        expect(verifyConsistency(sha256, { ...proof, firstRoot: leafAt(-1) })).toBe(false);
        expect(verifyConsistency(sha256, { ...proof, path: [...path, leafAt(flip)] })).toBe(false);
        expect(verifyConsistency(sha256, { ...proof, secondRoot: leafAt(-1) })).toBe(first === 0);
        if (path.length === 0) return;
        expect(verifyConsistency(sha256, { ...proof, path: changed(path, flip) })).toBe(false);
        expect(verifyConsistency(sha256, { ...proof, path: path.slice(1) })).toBe(false);
      }),
      runs,
    );
  });

  test('reaches into the third level of tiles', () => {
    const size = 66_100;
    const model = logOf(size, [1_000]);
    const root = definedRoot(model.leaves);
    expect([...model.tiles].filter(([key]) => !key.startsWith('0/')).map(([key, hashes]) => [key, hashes.length / 32])).toEqual([
      ['1/0', 256],
      ['2/0', 1],
      ['1/1', 2],
    ]);
    for (const index of [0, 65_535, 65_536, 66_048, size - 1]) {
      const { path } = model.prove(planInclusion(index, size));
      expect(verifyInclusion(sha256, { index, size, leaf: leafAt(index), root, path })).toBe(true);
    }
    const first = 65_537;
    const { path } = model.prove(planConsistency(first, size));
    const firstRoot = definedRoot(model.leaves.slice(0, first));
    expect(verifyConsistency(sha256, { first, second: size, firstRoot, secondRoot: root, path })).toBe(true);
  });
});

describe('the path of a tile', () => {
  test.each([
    [0, '000'],
    [67, '067'],
    [1_000, 'x001/000'],
    [1_234_067, 'x001/x234/067'],
  ])('of %i is %s', (index, path) => {
    expect(tilePathOf(index)).toBe(path);
    expect(readTilePath(path)).toEqual({ index, width: 256 });
    expect(readTilePath(`${path}.p/255`)).toEqual({ index, width: 255 });
  });

  test.each([
    '',
    '0',
    '00',
    '0000',
    'x000/001',
    'x001/x234',
    '001/234',
    '067.p/0',
    '067.p/256',
    '067.p/01',
    '067.p',
    '-01',
    'x001/234/',
    '067.p/1/',
  ])('%s is none', (path) => {
    expect(readTilePath(path)).toBeNull();
  });
});
