import { rm, writeFile } from 'node:fs/promises';

/** Keeps the setup token for whoever starts the stack. */
export interface SetupTokenFile {
  write(token: string): Promise<void>;
  remove(): Promise<void>;
}

/** A file that only this account can read; nothing where none was asked for. */
export const createSetupTokenFile = (file: string | null): SetupTokenFile => ({
  async write(token) {
    if (file === null) return;
    // Made anew: the mode counts only for a file that is not there yet.
    await rm(file, { force: true });
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  },
  async remove() {
    if (file !== null) await rm(file, { force: true });
  },
});
