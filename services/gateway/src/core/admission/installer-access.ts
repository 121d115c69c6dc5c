import { AppError } from '@guildhall/errors';
import { networkOf } from '@guildhall/resources';
import type { SignedInUser } from './admit.ts';
import { refuseIf } from './refresh-limit.ts';

/** The credentials of a request that manages the installation. */
export interface InstallerRequest {
  readonly setupToken: string | undefined;
  readonly localToken: 'right' | 'wrong' | 'none';
  readonly token: string | undefined;
  readonly ip: string;
}

export interface InstallerAccessParts {
  /** The seconds to wait if the network is over its rate limit, otherwise null. */
  readonly spendGuess: (network: string) => number | null;
  /** Resolves when it is known how each service is: their environment may name the database. */
  readonly untilKnown: () => Promise<void>;
  readonly isConfigured: () => boolean;
  readonly isSetupToken: (given: string) => boolean;
  /** Throws UNAUTHENTICATED for an invalid token, SERVICE_UNAVAILABLE if it cannot be verified right now. */
  readonly verifyToken: (token: string) => Promise<SignedInUser>;
  readonly reportDenial: (caller: SignedInUser) => void;
}

const installerPermission = 'installation:manage';

const refuseGuess = (words: string): never => {
  throw new AppError('FORBIDDEN', words);
};

/**
 * Admits a request that manages the installation, and returns the user who is signed in, null for a holder of a token: with the setup token while nothing is configured, with this machine's local
 * token at any time, or as a signed-in user with the permission once something is configured. A loopback address is not enough.
 * Throws UNAUTHENTICATED without credentials, FORBIDDEN or SETUP_TOKEN_INVALID for wrong ones, RATE_LIMITED for too many attempts.
 */
export const admitInstaller = async (
  parts: InstallerAccessParts,
  { ip, ...request }: InstallerRequest,
): Promise<SignedInUser | null> => {
  // The operator is never kept out by strangers who guess from the same address.
  if (request.localToken !== 'right') refuseIf(parts.spendGuess(networkOf(ip)));
  await parts.untilKnown();
  if (request.setupToken !== undefined) {
    if (parts.isConfigured() || !parts.isSetupToken(request.setupToken))
      throw new AppError(
        'SETUP_TOKEN_INVALID',
        'The setup token is invalid: each start shows a new one, and it can be used once.',
      );
    return null;
  }
  if (request.localToken === 'wrong') refuseGuess('The local token is not that of this machine.');
  if (request.localToken === 'right') return null;
  if (request.token === undefined || !parts.isConfigured()) {
    throw new AppError(
      'UNAUTHENTICATED',
      parts.isConfigured()
        ? `Sign in with the permission ${installerPermission}, or send this machine's local token as x-guildhall-local-token.`
        : "Send the setup token that the gateway showed at its start as x-guildhall-setup-token, or this machine's local token as x-guildhall-local-token.",
    );
  }
  const caller = await parts.verifyToken(request.token);
  if (caller.permissions.includes(installerPermission)) return caller;
  parts.reportDenial(caller);
  return refuseGuess(`This needs the permission ${installerPermission}, which your role does not hold.`);
};
