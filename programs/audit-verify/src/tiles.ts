import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from './checkpoint.ts';
import type { LogHashes } from './finding.ts';
import { InputError } from './input-error.ts';
import { createTree, hashBytes } from './merkle.ts';

const tileHashes = 256;
const tileBytes = tileHashes * hashBytes;

/** The path of a tile (C2SP tlog-tiles): 1234067 is `x001/x234/067`. */
export const tilePath = (tile: number): string => {
  const groups =
    String(tile)
      .padStart(Math.ceil(String(tile).length / 3) * 3, '0')
      .match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
};

const readIfThere = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Reads a tile of the lowest level, complete or as its longest partial version; null if there is none. */
const readTile = (folder: string, tile: number): Buffer | null => {
  const file = join(folder, tilePath(tile));
  const whole = readIfThere(file);
  if (whole !== null) return whole;
  const longest = Math.max(0, ...namesIn(`${file}.p`).map(Number).filter(Number.isSafeInteger));
  return readIfThere(join(`${file}.p`, String(longest)));
};

/** Reads the hashes of one tile from a file that contains hashes only. */
const readRun = (file: string, tile: number): Buffer => {
  const run = Buffer.alloc(tileBytes);
  const descriptor = openSync(file, 'r');
  try {
    return run.subarray(0, readSync(descriptor, run, 0, tileBytes, tile * tileBytes));
  } finally {
    closeSync(descriptor);
  }
};

/** The folder of a level in one of the two layouts; null if it is not there. */
const levelIn = (folder: string, level: number): string | null =>
  [join(folder, 'tile', String(level)), join(folder, String(level))].find(
    (each) => statSync(each, { throwIfNoEntry: false })?.isDirectory() === true,
  ) ?? null;

/** A source of leaf hashes, which may end early or hold anything. */
interface HashSource {
  /** Null where the tiles have ended. */
  at(index: number): Buffer | null;
  /** The folder in the tlog-tiles layout; null for a file of hashes. */
  readonly folder: string | null;
}

/** Opens a folder in the tlog-tiles layout, or a file of hashes. Throws InputError. */
const openHashes = (path: string): HashSource => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`There is no ${path}.`);
  const lowest = stat.isDirectory() ? levelIn(path, 0) : null;
  if (stat.isDirectory() && lowest === null) throw new InputError(`${path} holds no tiles: neither tile/0 nor 0 is in it.`);
  let cached: { readonly tile: number; readonly bytes: Buffer } = { tile: -1, bytes: Buffer.alloc(0) };
  const tileAt = (tile: number): Buffer => {
    if (cached.tile !== tile)
      cached = { tile, bytes: (lowest === null ? readRun(path, tile) : readTile(lowest, tile)) ?? Buffer.alloc(0) };
    return cached.bytes;
  };
  return {
    at(index) {
      const start = (index % tileHashes) * hashBytes;
      const found = tileAt(Math.floor(index / tileHashes)).subarray(start, start + hashBytes);
      return found.length < hashBytes ? null : found;
    },
    folder: lowest === null ? null : path,
  };
};

/** The first `size` leaf hashes; ends early where the tiles do. */
function* leavesOf({ at }: HashSource, size: number): Generator<Buffer> {
  for (let index = 0; index < size; index += 1) {
    const found = at(index);
    if (found === null) return;
    yield found;
  }
}

/** The roots of the whole runs of a tile's width: the hashes of the level above. */
function* rootsOfRuns(hashes: Iterable<Buffer>): Generator<Buffer> {
  let tree = createTree();
  for (const each of hashes) {
    tree.push(each);
    if (tree.size() < tileHashes) continue;
    yield tree.root();
    tree = createTree();
  }
}

/** The first tile of a level that holds other hashes than these; null if all that are there hold them. */
const differingTile = (levelFolder: string, hashes: readonly Buffer[]): number | null => {
  for (let tile = 0; tile * tileHashes < hashes.length; tile += 1) {
    const expected = Buffer.concat(hashes.slice(tile * tileHashes, (tile + 1) * tileHashes));
    const found = readTile(levelFolder, tile) ?? Buffer.alloc(0);
    const common = Math.min(expected.length, found.length);
    if (!expected.subarray(0, common).equals(found.subarray(0, common))) return tile;
  }
  return null;
};

/** The first tile above the leaves that holds other hashes than those below lead to; null if there is none. */
const faultAbove = (folder: string, leaves: Iterable<Buffer>): string | null => {
  let hashes = [...rootsOfRuns(leaves)];
  for (let level = 1; hashes.length > 0; level += 1) {
    const stored = levelIn(folder, level);
    const tile = stored === null ? null : differingTile(stored, hashes);
    if (tile !== null) return `Tile ${level}/${tilePath(tile)} does not hold the roots of the tiles below it.`;
    hashes = [...rootsOfRuns(hashes)];
  }
  return null;
};

export interface ReadTiles {
  /** The leaf hashes; null where they are not those of the checkpoint. */
  readonly hashes: LogHashes | null;
  /** The first difference between the tiles and the log; null if there is none. */
  readonly fault: string | null;
  readonly remarks: readonly string[];
}

export const noTiles: ReadTiles = { hashes: null, fault: null, remarks: [] };

/** Reads the tiles of a log up to a checkpoint. Those that end before it are not used, and are no fault. Throws InputError. */
export const readTiles = (path: string, { size, root }: Checkpoint): ReadTiles => {
  const source = openHashes(path);
  const tree = createTree();
  for (const each of leavesOf(source, size)) tree.push(each);
  if (tree.size() < size)
    return { ...noTiles, remarks: [`The tiles in ${path} end before index ${tree.size()}, and were not used.`] };
  if (!tree.root().equals(root))
    return { ...noTiles, fault: `The tiles of leaf hashes do not lead to the root that was signed.` };
  const at = (index: number): Buffer => source.at(index) ?? Buffer.alloc(hashBytes);
  const find = (wanted: Uint8Array): number | null => {
    for (let index = 0; index < size; index += 1) if (at(index).equals(wanted)) return index;
    return null;
  };
  const fault = source.folder === null ? null : faultAbove(source.folder, leavesOf(source, size));
  return { hashes: { at, find }, fault, remarks: [] };
};
