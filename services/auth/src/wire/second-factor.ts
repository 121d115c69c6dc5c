import { createSessionsLinks } from '../clients/sessions-links.ts';
import { totp } from '../clients/totp.ts';
import type { Vault } from '../clients/vault.ts';
import type { AuthConfig } from '../config.ts';
import {
  createFindSecondFactor,
  createRemoveTotp,
  createRenewRecoveryCodes,
  type ChangeSecondFactorParts,
} from '../core/change-second-factor.ts';
import { createBeginTotp, createConfirmAtLogIn, createConfirmTotp, createEnrolAtLogIn } from '../core/enrol-second-factor.ts';
import { createResetSecondFactor } from '../core/reset-second-factor.ts';
import { createLogInWithSecondFactor } from '../core/second-step.ts';
import { createEndSessionsByLink } from '../core/sessions-link.ts';
import type { TotpSeals } from '../core/totp.ts';
import { createTurns, rowOf } from '../core/turns.ts';
import type { SecondFactorRules } from '../routes/second-factor.ts';
import type { UserRouteParts } from '../routes/users.ts';

/** Encrypts the secrets of authenticators, each for its account. */
const createTotpSeals = (vault: Vault): TotpSeals => ({
  seal: (userId, secret) => vault.seal(Buffer.from(secret).toString('base64url'), `authenticator of ${userId}`),
  open: (userId, sealed) => Buffer.from(vault.open(sealed, `authenticator of ${userId}`), 'base64url'),
});

/** The parts of the rules of sign-ins and notices that come from the configuration. */
export const createSignInParts = ({ publicUrl, secondFactorRoles }: AuthConfig, vault: Vault) => ({
  publicUrl,
  requiredRoles: secondFactorRoles,
  inTurn: createTurns(),
  totp,
  totpSeals: createTotpSeals(vault),
  sessionsLinks: createSessionsLinks(vault, publicUrl),
});

/** The rules of second factors. */
export const createSecondFactorRules = (parts: ChangeSecondFactorParts): SecondFactorRules & UserRouteParts['rules'] => {
  const logIn = createLogInWithSecondFactor(parts);
  const confirm = createConfirmAtLogIn(parts);
  return {
    logInWithSecondFactor: (context, request) => parts.inTurn(rowOf(request.challengeToken), () => logIn(context, request)),
    resetSecondFactor: createResetSecondFactor(parts),
    enrolAtLogIn: createEnrolAtLogIn(parts),
    confirmAtLogIn: (context, request) => parts.inTurn(rowOf(request.challengeToken), () => confirm(context, request)),
    findSecondFactor: createFindSecondFactor(parts),
    beginTotp: createBeginTotp(parts),
    confirmTotp: createConfirmTotp(parts),
    removeTotp: createRemoveTotp(parts),
    renewRecoveryCodes: createRenewRecoveryCodes(parts),
    endSessionsByLink: createEndSessionsByLink(parts),
  };
};
