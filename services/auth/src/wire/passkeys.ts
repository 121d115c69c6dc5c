import { createRelyingParty } from '../clients/relying-party.ts';
import type { Vault } from '../clients/vault.ts';
import type { AuthConfig } from '../config.ts';
import type { PasskeyRequest, PasskeySeals } from '../core/passkey.ts';
import { createBeginPasskeyAtLogIn, createCreatePasskeyAtLogIn, type PasskeyEnrolmentParts } from '../core/enrol-passkey.ts';
import { createBeginPasskeySignIn, createSignInWithPasskey, type PasskeySignInParts } from '../core/passkey-sign-in.ts';
import { createBeginPasskey, createCreatePasskey, createRemovePasskey, type PasskeyParts } from '../core/passkeys.ts';
import type { PasskeyRules } from '../routes/passkeys.ts';
import { isSecureOrigin } from './sign-in-settings.ts';

const createPasskeySeals = (vault: Vault): PasskeySeals => ({
  seal: (id, request) => vault.seal(JSON.stringify(request), `passkey request ${id}`),
  open: (id, sealed) => JSON.parse(vault.open(sealed, `passkey request ${id}`)) as PasskeyRequest,
});

/** The parts of the rules of passkeys that come from the configuration. */
export const createPasskeyParts = ({ publicUrl }: AuthConfig, vault: Vault) => ({
  relyingParty: createRelyingParty(publicUrl, isSecureOrigin(publicUrl)),
  passkeySeals: createPasskeySeals(vault),
});

/** The rules of passkeys. */
export const createPasskeyRules = (parts: PasskeyParts & PasskeySignInParts & PasskeyEnrolmentParts): PasskeyRules => ({
  beginPasskeyAtLogIn: createBeginPasskeyAtLogIn(parts),
  createPasskeyAtLogIn: createCreatePasskeyAtLogIn(parts),
  beginPasskeySignIn: createBeginPasskeySignIn(parts),
  signInWithPasskey: createSignInWithPasskey(parts),
  beginPasskey: createBeginPasskey(parts),
  createPasskey: createCreatePasskey(parts),
  removePasskey: createRemovePasskey(parts),
});
