import type { CryptoKey } from 'jose';
import { keyRingSecondsMax } from '../core/limits.ts';
import type { Now } from '../core/random.ts';
import { isDue } from '../core/rotate-keys.ts';
import type { KeyMaker, PublishedKey, SigningKeyStore } from '../core/signing-keys.ts';
import { openKey } from './signing-keys.ts';
import type { Vault } from './vault.ts';

export interface KeyRingParts {
  readonly keys: Pick<SigningKeyStore, 'published' | 'addFirst'>;
  readonly keyMaker: KeyMaker;
  /** Brings the stored keys to where a rotation has to be by now. Returns whether a key changed. */
  readonly advanceKeys: (keys: readonly PublishedKey[]) => Promise<boolean>;
  readonly vault: Vault;
  readonly now: Now;
}

/** The keys as they were read: the current one, opened, and all that are published. */
export interface KeyRing {
  readonly kid: string;
  readonly privateKey: CryptoKey | Uint8Array;
  readonly published: readonly PublishedKey[];
  /** The keys that have to change later. */
  readonly pending: readonly PublishedKey[];
  readonly readAt: Date;
}

export interface CachedKeyRing {
  /** The ring, read anew after a minute and when a key is due to change. Creates the first key if there is none. */
  current(): Promise<KeyRing>;
  /** The `kid`s as they are stored now; drops the cached ring when it has others. */
  storedKids(): Promise<readonly string[]>;
  /** Drops the cached ring: its keys may be another database's. */
  forget(): void;
}

const keyRingMsMax = keyRingSecondsMax * 1000;
const textOf = (keys: readonly PublishedKey[]): string => keys.map(({ kid, status }) => `${kid} ${status}`).join('\n');
const isCurrent = ({ status }: PublishedKey): boolean => status === 'current';

const createReadRing = ({ keys, keyMaker, advanceKeys, vault, now }: KeyRingParts) => {
  const readPublished = async (): Promise<readonly PublishedKey[]> => {
    const published = await keys.published();
    if (!published.some(isCurrent)) {
      await keys.addFirst(await keyMaker.make(), now());
      return keys.published();
    }
    const at = now();
    if (!published.some((key) => isDue(key, at))) return published;
    await advanceKeys(published);
    return keys.published();
  };
  return async (): Promise<KeyRing> => {
    const readAt = now();
    const published = await readPublished();
    const current = published.find(isCurrent);
    if (current === undefined) throw new Error('There is no current signing key, though one was just made.');
    const at = now();
    const pending = published.filter((key) => !isDue(key, at));
    return { kid: current.kid, privateKey: await openKey(vault, current), published, pending, readAt };
  };
};

/** Keeps the signing keys in memory. */
export const createKeyRing = (parts: KeyRingParts): CachedKeyRing => {
  const { keys, now } = parts;
  const readRing = createReadRing(parts);
  let ring: KeyRing | null = null;
  let reading: Promise<KeyRing> | null = null;

  /** A clock that was set back makes a ring no fresher. */
  const isFresh = ({ readAt, pending }: KeyRing): boolean => {
    const at = now();
    return Math.abs(at.getTime() - readAt.getTime()) < keyRingMsMax && !pending.some((key) => isDue(key, at));
  };
  const current = async (): Promise<KeyRing> => {
    if (ring !== null && isFresh(ring)) return ring;
    const started = (reading ??= readRing());
    try {
      const read = await started;
      // Dropped in the meantime: the read serves the callers from before that, and is not cached.
      if (reading === started) ring = read;
      return read;
    } finally {
      if (reading === started) reading = null;
    }
  };
  const forget = (): void => {
    ring = null;
    reading = null;
  };
  return {
    current,
    forget,
    storedKids: async () => {
      const published = await keys.published();
      if (ring !== null && textOf(published) !== textOf(ring.published)) forget();
      return (await current()).published.map(({ kid }) => kid);
    },
  };
};
