/** A signing key of access tokens as it is stored, with its private half encrypted. */
export interface SigningKey {
  readonly kid: string;
  /** RFC 8037 */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly sealedPrivateJwk: string;
}

export interface PublishedKey extends SigningKey {
  readonly status: 'next' | 'current' | 'retired';
}

export interface SigningKeys {
  /** Every key with which a valid token may be signed. */
  published(): Promise<readonly PublishedKey[]>;
  /** Stores the first current key; of many replicas that try at once exactly one succeeds. */
  addFirst(key: SigningKey, now: Date): Promise<void>;
}
