import type { SigningKeyState } from '@guildhall/contracts';
import { keyPublicationSeconds, keyRetirementSeconds } from './limits.ts';
import { secondsAfter } from './random.ts';

/** A signing key of access tokens as it is stored, with its private half encrypted. */
export interface SigningKey {
  readonly kid: string;
  /** RFC 8037 */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly sealedPrivateJwk: string;
}

/** `next`: published, and does not sign yet; `current`: signs; `retired`: signs no more, and verifies until its last token has expired. */
export type KeyStatus = 'next' | 'current' | 'retired';

export interface PublishedKey extends SigningKey {
  readonly status: KeyStatus;
  /** Times in ISO 8601, UTC. */
  readonly createdAt: string;
  readonly retiredAt: string | null;
}

export interface SigningKeyStore {
  /** Every key with which a valid token may be signed, now or soon; newest first. */
  published(): Promise<readonly PublishedKey[]>;
  /** Stores the first current key; of many replicas that try at once exactly one succeeds. */
  addFirst(key: SigningKey, now: Date): Promise<void>;
  /** Stores the next key while `currentKid` is the current one. Returns false when it is not, or when there is a next one already. */
  addNext(key: SigningKey, currentKid: string, now: Date): Promise<boolean>;
  /**
   * Retires the current key and makes the next one current, if that is stored since `storedBefore`: a compare-and-swap, which one
   * of many replicas wins. Must run in a transaction. Returns the retired `kid`; null if there was nothing to do.
   */
  activate(nextKid: string, storedBefore: Date, now: Date): Promise<string | null>;
  /** Removes the keys that were retired before. Returns their `kid`s. */
  removeRetired(retiredBefore: Date): Promise<readonly string[]>;
  /**
   * Removes every key and stores another one as current. Must run in a transaction. Returns the `kid`s that are gone; null when another
   * caller was faster, or there was no key.
   */
  replaceAll(key: SigningKey, now: Date): Promise<readonly string[] | null>;
}

/** Makes and opens signing keys. */
export interface KeyMaker {
  make(): Promise<SigningKey>;
  /** Whether the private half opens: false for one that another ENCRYPTION_KEY has sealed. */
  canOpen(key: SigningKey): boolean;
}

/** The time from which the next key signs. */
export const activationOf = ({ createdAt }: Pick<PublishedKey, 'createdAt'>): Date =>
  secondsAfter(new Date(createdAt), keyPublicationSeconds);

/** The time from which a key that was retired then verifies nothing any more. */
export const removalAfter = (retiredAt: Date): Date => secondsAfter(retiredAt, keyRetirementSeconds);

/** The time at which a key has to change its status or go; null for the current one, which stays until it is replaced. */
export const changeOf = ({ status, createdAt, retiredAt }: PublishedKey): Date | null => {
  if (status === 'next') return activationOf({ createdAt });
  return retiredAt === null ? null : removalAfter(new Date(retiredAt));
};

/** A key for people who look after it: nothing of its private half. */
export const keyStateOf = (key: PublishedKey): SigningKeyState => ({
  id: key.kid,
  status: key.status,
  createdAt: key.createdAt,
  retiredAt: key.retiredAt,
  changesAt: changeOf(key)?.toISOString() ?? null,
});
