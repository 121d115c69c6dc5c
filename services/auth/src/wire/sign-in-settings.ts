import { isLoopbackHost } from '@guildhall/resources';
import { createRelyingParty } from '../clients/relying-party.ts';
import type { AuthConfig } from '../config.ts';

/** True if browsers keep secure cookies of an address: HTTPS, and this machine (Secure Contexts, section 3.1). */
export const isSecureOrigin = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isLoopbackHost(hostname);
};

/** The settings of sign-ins that clients are told. */
export const createSignInSettings = ({ registration, mail, providers, publicUrl }: AuthConfig) => ({
  usesPasskeys: createRelyingParty(publicUrl, isSecureOrigin(publicUrl)).id !== null,
  registration,
  hasMailServer: mail.kind === 'smtp',
  providers: providers.map(({ id, name }) => ({ id, name })),
  keepsCookies: isSecureOrigin(publicUrl),
});
