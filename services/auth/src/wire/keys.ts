import type { Logger } from '@guildhall/http';
import { createKeyRing, type CachedKeyRing } from '../clients/key-ring.ts';
import { createKeyMaker } from '../clients/signing-keys.ts';
import type { Vault } from '../clients/vault.ts';
import { createAdvanceKeys, type AdvanceKeysParts } from '../core/rotate-keys.ts';

export interface KeyRingBasics {
  readonly basics: Pick<AdvanceKeysParts, 'database' | 'random' | 'now'>;
  readonly vault: Vault;
  readonly log: Logger;
}

/** The signing keys of this process, which rotate by the time. */
export const startKeyRing = ({ basics, vault, log }: KeyRingBasics): CachedKeyRing => {
  const keyMaker = createKeyMaker(vault);
  const onSealed = (kid: string): void =>
    log.error({ kid }, 'the next signing key does not open: it was sealed with another ENCRYPTION_KEY, and never signs');
  const advanceKeys = createAdvanceKeys({ ...basics, keyMaker, onSealed });
  const keys = basics.database.stores.signingKeys;
  return createKeyRing({ keys, keyMaker, advanceKeys, vault, now: basics.now });
};
