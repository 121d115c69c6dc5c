/** A key of access tokens as it is stored: the private half sealed. */
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
  /** Every key that a verifier may meet. */
  published(): Promise<readonly PublishedKey[]>;
  /** Makes a key the current one unless there is one: of many replicas that try, the database lets one. */
  addFirst(key: SigningKey, now: Date): Promise<void>;
}
