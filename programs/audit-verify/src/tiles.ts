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

const lowestLevelOf = (folder: string): string => {
  const folders = [join(folder, 'tile', '0'), join(folder, '0')];
  const found = folders.find((each) => statSync(each, { throwIfNoEntry: false })?.isDirectory() === true);
  if (found === undefined) throw new InputError(`${folder} holds no tiles: neither tile/0 nor 0 is in it.`);
  return found;
};

/** Opens the first `size` leaf hashes of a folder in the tlog-tiles layout, or of a file of hashes. Throws InputError. */
const openHashes = (path: string, size: number): LogHashes => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`There is no ${path}.`);
  const folder = stat.isDirectory() ? lowestLevelOf(path) : null;
  let cached: { readonly tile: number; readonly bytes: Buffer } = { tile: -1, bytes: Buffer.alloc(0) };
  const tileAt = (tile: number): Buffer => {
    if (cached.tile !== tile)
      cached = { tile, bytes: (folder === null ? readRun(path, tile) : readTile(folder, tile)) ?? Buffer.alloc(0) };
    return cached.bytes;
  };
  const at = (index: number): Buffer => {
    const start = (index % tileHashes) * hashBytes;
    const found = tileAt(Math.floor(index / tileHashes)).subarray(start, start + hashBytes);
    if (found.length < hashBytes) throw new InputError(`The tiles in ${path} end before index ${index}.`);
    return found;
  };
  const find = (wanted: Uint8Array): number | null => {
    for (let index = 0; index < size; index += 1) if (at(index).equals(wanted)) return index;
    return null;
  };
  return { at, find };
};

/** Reads the leaf hashes of a log; null if they do not have the root of the checkpoint. Throws InputError. */
export const readTiles = (path: string, { size, root }: Checkpoint): LogHashes | null => {
  const hashes = openHashes(path, size);
  const tree = createTree();
  for (let index = 0; index < size; index += 1) tree.push(hashes.at(index));
  return tree.root().equals(root) ? hashes : null;
};
