import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { postgresOwner, type PostgresOwner } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';

export interface PostgresFolders {
  readonly owner: PostgresOwner;
  /** The folder with bin/, lib/ and share/. */
  readonly binaries: string;
  /** PGDATA; made when it is not there. */
  readonly data: string;
}

export interface PostgresPlace {
  /** The folder with bin/ of another PostgreSQL. Default: the one that came with the packages. */
  readonly binaries?: string | undefined;
  /** Whether new data is kept in memory where the machine has room for it. Default: false. */
  readonly isInMemory?: boolean | undefined;
}

const linkName = 'elsewhere';
/** /var/lib first: what lies in /var/tmp unused for a month may be cleared away by the system. */
const diskRoots = ['/var/lib', '/var/tmp'];
/** A file system in memory (tmpfs), where there is one. */
const memoryRoot = '/dev/shm';
const memoryFreeBytesMin = 2_147_483_648;
const elsewhereRoots = [...diskRoots, memoryRoot];

const canReach = (file: string, owner: PostgresOwner): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', file], { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;

/** The folder elsewhere is ours alone: one that another account put there first is refused, not used. */
const makeOwnFolder = (folder: string): void => {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o755 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to someone else; remove it and try again.`);
  }
};

const elsewhereName = (dataFolder: string): string =>
  `guildhall-${createHash('sha256').update(path.resolve(dataFolder)).digest('hex').slice(0, 16)}`;

/** Returns the target of the link `elsewhere`, if the link was made for this folder. */
const linkedFolder = (dataFolder: string): string | undefined => {
  const known = elsewhereRoots.map((root) => path.join(root, elsewhereName(dataFolder)));
  try {
    const target = readlinkSync(path.join(dataFolder, linkName));
    return known.find((folder) => folder === target);
  } catch {
    return undefined;
  }
};

const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** False where there is no file system in memory for data, as on macOS, or a small one, as in many containers. */
export const hasRoomInMemory = (): boolean => {
  if (!isWritable(memoryRoot)) return false;
  const { bavail, bsize } = statfsSync(memoryRoot);
  return bavail * bsize >= memoryFreeBytesMin;
};

const makeElsewhere = (dataFolder: string, isInMemory: boolean): string => {
  const linked = linkedFolder(dataFolder);
  const root = isInMemory ? memoryRoot : diskRoots.find(isWritable);
  if (root === undefined)
    throw new Error(`There is no folder for PostgreSQL's data: none of ${diskRoots.join(', ')} can be written.`);
  const elsewhere = linked ?? path.join(root, elsewhereName(dataFolder));
  makeOwnFolder(elsewhere);
  const link = path.join(dataFolder, linkName);
  rmSync(link, { force: true });
  symlinkSync(elsewhere, link);
  return elsewhere;
};

const copyBinaries = (source: string, target: string): string => {
  const finished = path.join(target, '.finished');
  if (!existsSync(finished)) {
    rmSync(target, { recursive: true, force: true });
    cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    mkdirSync(finished);
  }
  return target;
};

/** Hands a file or folder to the account that runs PostgreSQL. */
export const giveTo = ({ uid, gid }: PostgresOwner, file: string, mode: number): void => {
  chmodSync(file, mode);
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
};

/**
 * Finds where PostgreSQL can run: normally in `dataFolder` with the installed binaries, or those of `binaries`. As root below a folder that
 * other accounts cannot enter (a clone in /root), what PostgreSQL must reach is kept below /var/lib, and the link
 * `elsewhere` in `dataFolder` leads there, so that whoever removes one can remove both. New data that is wanted in memory is
 * kept below /dev/shm in the same way, if there is room.
 */
export const preparePostgresFolders = (
  dataFolder: string,
  { binaries = findPostgresBinaries(), isInMemory = false }: PostgresPlace = {},
): PostgresFolders => {
  const found = findPostgresData(dataFolder);
  const owner = postgresOwner(dataFolder, found);
  mkdirSync(dataFolder, { recursive: true });
  const usual = path.join(dataFolder, 'data');
  const usesMemory = isInMemory && found === undefined && hasRoomInMemory();
  const isElsewhere = usesMemory || ![undefined, usual].includes(found) || !canReach(dataFolder, owner);
  const reachesBinaries = canReach(path.join(binaries, 'bin', 'postgres'), owner);
  if (!isElsewhere && reachesBinaries) return { owner, binaries, data: usual };
  const elsewhere = makeElsewhere(dataFolder, usesMemory);
  return {
    owner,
    binaries: reachesBinaries ? binaries : copyBinaries(binaries, path.join(elsewhere, 'native')),
    data: isElsewhere ? path.join(elsewhere, 'data') : usual,
  };
};

/** Returns the data folder of an earlier start; undefined if there is none. */
export const findPostgresData = (dataFolder: string): string | undefined => {
  const elsewhere = linkedFolder(dataFolder);
  const candidates = [path.join(dataFolder, 'data'), ...(elsewhere === undefined ? [] : [path.join(elsewhere, 'data')])];
  return candidates.find((folder) => existsSync(path.join(folder, 'PG_VERSION')));
};

/** Returns the data that an earlier data folder has left outside it when it was removed by hand; undefined if there is none. */
export const findOrphan = (dataFolder: string): string | undefined => {
  if (linkedFolder(dataFolder) !== undefined) return undefined;
  const known = elsewhereRoots.map((root) => path.join(root, elsewhereName(dataFolder))).filter((folder) => existsSync(folder));
  return known.find((folder) => lstatSync(folder).uid === process.getuid?.());
};

/** Removes the data and everything else of a server that is not running. */
export const removePostgresFolders = (dataFolder: string): void => {
  const elsewhere = linkedFolder(dataFolder);
  if (elsewhere !== undefined) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
};
