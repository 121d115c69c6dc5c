import { DisplayName, Email } from '@guildhall/contracts';
import { Compile } from 'typebox/compile';
import { normaliseEmail } from '../core/email.ts';

const email = Compile(Email);
const name = Compile(DisplayName);

/** The claims of a user by a provider (OpenID Connect Core 1.0, section 5.1), or the fields that its API has for them. */
export type Claims = Readonly<Record<string, unknown>>;

/** The address, normalised, where the provider says that it has verified it, and in no other way than by `true`; null otherwise. */
export const verifiedEmailOf = (given: unknown, isVerified: unknown): string | null =>
  isVerified === true && email.Check(given) ? normaliseEmail(given) : null;

/** The first usable name of these; null where there is none. */
export const displayNameOf = (...names: readonly unknown[]): string | null => {
  const given = names.find((text) => typeof text === 'string' && text.trim() !== '');
  const trimmed = typeof given === 'string' ? given.trim() : '';
  return name.Check(trimmed) ? trimmed : null;
};
