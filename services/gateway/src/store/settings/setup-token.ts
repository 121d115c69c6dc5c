import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { writeFileAtomically } from '@guildhall/files';
import type { SettingsStore } from './settings.ts';

/** The one-time token by which someone without an account configures a fresh installation. */
export interface SetupToken {
  /** Creates and shows a token, unless this process has a valid one or it cannot be stored now. */
  open(): void;
  /** Invalidates the token, also if what is stored of it cannot be removed. Never throws. */
  close(): void;
  matches(given: string): boolean;
}

export interface SetupTokenParts {
  readonly settings: SettingsStore;
  /** A 0600 file that holds the token while it is valid. */
  readonly file: string | null;
  /** Shows the token to the operator. */
  readonly show: (token: string) => void;
  readonly onFault: (error: unknown) => void;
  readonly now: () => Date;
}

const settingName = 'setup_token';
const tokenBytes = 32;

/** The setup token, stored as its SHA-256: 256 random bits cannot be guessed. */
export const createSetupToken = ({ settings, file, show, onFault, now }: SetupTokenParts): SetupToken => {
  let isOpen = false;
  let isRefused = false;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onFault(error);
    }
  };
  /** Stores the token. Repeated failures, as on a full disk, are reported once. */
  const keep = (token: string): boolean => {
    try {
      settings.write(settingName, { sha256: sha256(token).toString('base64url') }, now().toISOString());
      isRefused = false;
    } catch (error) {
      if (!isRefused) onFault(error);
      isRefused = true;
    }
    return !isRefused;
  };
  const removeFile = (): void => {
    if (file !== null) rmSync(file, { force: true });
  };
  const writeFile = (token: string): void => {
    if (file !== null) writeFileAtomically(file, `${token}\n`);
  };
  return {
    open() {
      if (isOpen) return;
      const token = randomBytes(tokenBytes).toString('base64url');
      if (!keep(token)) return;
      isOpen = true;
      attempt(() => writeFile(token));
      show(token);
    },
    close() {
      isOpen = false;
      attempt(() => settings.remove(settingName));
      attempt(removeFile);
    },
    matches(given) {
      if (!isOpen) return false;
      const stored = (settings.read(settingName)?.value as { sha256?: unknown } | undefined)?.sha256;
      const expected = Buffer.from(typeof stored === 'string' ? stored : '', 'base64url');
      const found = sha256(given);
      return expected.length === found.length && timingSafeEqual(expected, found);
    },
  };
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
