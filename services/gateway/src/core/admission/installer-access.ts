import { AppError } from '@guildhall/errors';
import type { Caller } from './admit.ts';

/** What someone who wants to manage the installation shows. */
export interface InstallerVisit {
  readonly setupToken: string | undefined;
  readonly localToken: 'right' | 'wrong' | 'none';
  readonly token: string | undefined;
  readonly ip: string;
}

export interface InstallerParts {
  /** Seconds to wait when the address has spent what the limit allows, otherwise null. */
  readonly spendGuess: (ip: string) => number | null;
  readonly isConfigured: () => boolean;
  readonly isSetupToken: (given: string) => boolean;
  /** Throws UNAUTHENTICATED for a token that is not good, SERVICE_UNAVAILABLE when that cannot be told. */
  readonly verifyToken: (token: string) => Promise<Caller>;
  readonly reportDenial: (caller: Caller) => void;
}

export const installerPermission = 'installation:manage';

const refuseGuess = (words: string): never => {
  throw new AppError('FORBIDDEN', words);
};

/**
 * Lets in who may manage the installation: with the setup token while nothing is configured, with this machine's local
 * token at any time, as a signed-in user with the permission once something is. Being on this machine is not enough.
 * Throws 401 for nothing, 403 for what is not good, 429 for too many guesses.
 */
export const admitInstaller = async (parts: InstallerParts, visit: InstallerVisit): Promise<void> => {
  const wait = parts.spendGuess(visit.ip);
  if (wait !== null)
    throw new AppError('RATE_LIMITED', `Too many requests. Try again in ${wait} s.`, { retryAfterSeconds: wait });
  if (visit.setupToken !== undefined) {
    if (parts.isConfigured() || !parts.isSetupToken(visit.setupToken))
      refuseGuess('The setup token is not good: each start shows a new one, and it ends with its use.');
    return;
  }
  if (visit.localToken === 'wrong') refuseGuess('The local token is not the one of this machine.');
  if (visit.localToken === 'right') return;
  if (visit.token === undefined || !parts.isConfigured()) {
    throw new AppError(
      'UNAUTHENTICATED',
      parts.isConfigured()
        ? `Sign in with the permission ${installerPermission}, or send this machine's local token as x-guildhall-local-token.`
        : "Send the setup token that the gateway showed at its start as x-guildhall-setup-token, or this machine's local token as x-guildhall-local-token.",
    );
  }
  const caller = await parts.verifyToken(visit.token);
  if (caller.permissions.includes(installerPermission)) return;
  parts.reportDenial(caller);
  refuseGuess(`This needs the permission ${installerPermission}, which your role does not hold.`);
};
