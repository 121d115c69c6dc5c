import { randomUUID } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface AtomicWriteOptions {
  /** Permission bits that the file has from its first byte. Default: 0600, its user alone. */
  readonly mode?: number;
  /** True: the file survives a crash of the machine, not only of the process. Default: true. */
  readonly isDurable?: boolean;
}

/**
 * Replaces a file, or makes it: a reader sees the former content or the new one, never a part, also when this process
 * is killed meanwhile. Of several writers the last one wins. Throws what the file system refuses, changing nothing.
 */
export const writeFileAtomically = (file: string, content: string | Uint8Array, options: AtomicWriteOptions = {}): void =>
  publish(file, content, options, (partial) => renameSync(partial, file));

/**
 * Makes a file unless there is one, and returns whether it did: of several writers the first one wins. Readers never see
 * a part of it. Throws what else the file system refuses.
 */
export const createFileAtomically = (file: string, content: string | Uint8Array, options: AtomicWriteOptions = {}): boolean => {
  try {
    publish(file, content, options, (partial) => linkSync(partial, file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
};

/** Makes an empty file, its user's alone, unless there is one, and returns whether it did. Needs no hard links. */
export const createEmptyFile = (file: string): boolean => {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
};

/** Brings a file, or what a folder lists, to the disk itself. */
export const syncToDisk = (place: string): void => {
  const descriptor = openSync(place, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Writes like `writeFileAtomically` content that comes in parts and may be larger than memory. */
export const writeChunksAtomically = async (
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  { mode = 0o600, isDurable = true }: AtomicWriteOptions = {},
): Promise<void> => {
  const partial = partialOf(file);
  try {
    const descriptor = openPartial(partial, mode);
    try {
      for await (const chunk of chunks) writeFileSync(descriptor, chunk);
      if (isDurable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, file);
    if (isDurable) syncToDisk(path.dirname(file));
  } finally {
    rmSync(partial, { force: true });
  }
};

const publish = (
  file: string,
  content: string | Uint8Array,
  { mode = 0o600, isDurable = true }: AtomicWriteOptions,
  giveName: (partial: string) => void,
): void => {
  const partial = partialOf(file);
  try {
    const descriptor = openPartial(partial, mode);
    try {
      writeFileSync(descriptor, content);
      if (isDurable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    giveName(partial);
    if (isDurable) syncToDisk(path.dirname(file));
  } finally {
    rmSync(partial, { force: true });
  }
};

/** In the same folder, since a rename is atomic within one file system only; hidden from whoever lists the folder. */
const partialOf = (file: string): string => path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.partial`);

const openPartial = (partial: string, mode: number): number => {
  const descriptor = openSync(partial, 'wx', mode);
  // The umask takes from the mode of open(2), not from this one.
  fchmodSync(descriptor, mode);
  return descriptor;
};
