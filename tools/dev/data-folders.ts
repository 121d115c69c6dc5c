import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { dataFolder, isDataFolderGiven, scratchFolder } from './folders.ts';

/** The registry of data folders: one file, which holds its path, for each folder that this clone has started something on. */
const rememberedIn = join(scratchFolder, 'data-folders');

/** Keeps where something is started, so that `make down` and `make logs` find it without being told. */
export const rememberDataFolder = (folder: string): void => {
  mkdirSync(rememberedIn, { recursive: true });
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  writeFileAtomically(join(rememberedIn, name), folder, { isDurable: false });
};

const remembered = (): readonly string[] =>
  existsSync(rememberedIn)
    ? readdirSync(rememberedIn).flatMap((name) => (name.startsWith('.') ? [] : [readFileSync(join(rememberedIn, name), 'utf8')]))
    : [];

/** The data folder of DATA_FOLDER alone; without it this clone's own and every other one that it was started on. */
export const knownDataFolders = (): readonly string[] =>
  isDataFolderGiven ? [dataFolder] : [...new Set([dataFolder, ...remembered()])].filter((folder) => existsSync(folder));
