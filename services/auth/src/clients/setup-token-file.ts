import { rm } from 'node:fs/promises';
import { writeFileAtomically } from '@guildhall/files';

/** Keeps the setup token for whoever starts the stack. */
export interface SetupTokenFile {
  write(token: string): Promise<void>;
  remove(): Promise<void>;
}

/** A file that only this account can read; nothing where none was asked for. */
export const createSetupTokenFile = (file: string | null): SetupTokenFile => ({
  async write(token) {
    if (file !== null) writeFileAtomically(file, `${token}\n`);
  },
  async remove() {
    if (file !== null) await rm(file, { force: true });
  },
});
