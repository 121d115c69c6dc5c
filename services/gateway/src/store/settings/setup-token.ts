import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { writeFileAtomically } from '@guildhall/files';
import type { Settings } from './settings.ts';

/** The one-time token by which someone without an account configures a fresh installation. */
export interface SetupToken {
  /** Makes one and shows it, unless this process has one that is good, or it cannot be kept now. */
  open(): void;
  /** No token is good from now on, whatever becomes of what is left of it. Never throws. */
  close(): void;
  matches(given: string): boolean;
}

export interface SetupTokenParts {
  readonly settings: Settings;
  /** A 0600 file that holds the token while it is good. */
  readonly file: string | null;
  /** Shows the token to who starts the gateway. */
  readonly show: (token: string) => void;
  readonly onFault: (error: unknown) => void;
  readonly now: () => Date;
}

const settingName = 'setup_token';
const tokenBytes = 32;

/** Stored as its SHA-256: 256 random bits are not found by trying. */
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
  /** Asked again and again, it tells of a full disk once. */
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
