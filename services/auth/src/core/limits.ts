import { jwksCacheSecondsMax } from '@guildhall/contracts';

/** The limits of this service, each named with its unit. */
export const passwordBytesMin = 12;
/** bcrypt reads no more (Provos and Mazières, "A Future-Adaptable Password Scheme"). */
export const passwordBytesMax = 72;

export const accessTokenLifetimeSeconds = 300;
/** The longest time for which a process uses the signing keys that it has read. */
export const keyRingSecondsMax = 60;
/** The time for which any HTTP cache may answer with the published keys. */
export const jwksFreshSeconds = 300;
/** The time for which a signing key is published before it signs: until every verifier has fetched it. */
export const keyPublicationSeconds = keyRingSecondsMax + jwksFreshSeconds + jwksCacheSecondsMax;
/** A session ends this long after its last refresh (idle timeout). */
export const sessionIdleSeconds = 14 * 24 * 3600;
/** A session ends this long after its log-in, however often it is refreshed (absolute timeout). */
export const sessionLifetimeSeconds = 30 * 24 * 3600;
/** Two requests of one device that trade the same refresh token within this time are a race, not a theft. */
export const refreshGraceSeconds = 10;

/** The time after a sign-in in which an account without a password may do what others need theirs for. */
export const recentSignInSeconds = 10 * 60;

export const codeLifetimeSeconds = 15 * 60;
export const codeAttemptsMax = 5;
/** The pause between two mails with a code of one request. */
export const codePauseSeconds = 60;
/** The time for which a registration waits for its code, and fresh ones can be sent. */
export const registrationLifetimeSeconds = 24 * 3600;

/** The mails that may be asked for at once, and the time after which each makes room for another one. */
export interface MailRate {
  readonly atOnceMax: number;
  readonly pauseSeconds: number;
}
/** Invites to one address, whoever sends them. */
export const inviteMailRate: MailRate = { atOnceMax: 3, pauseSeconds: 30 * 60 };
/** Mails of registrations and codes to one address, whoever asks for them. */
export const addressMailRate: MailRate = { atOnceMax: 8, pauseSeconds: 5 * 60 };
/** Mails to one address that one network asks for: fewer than the address may get, so that no stranger uses up what its owner needs. */
export const askerMailRate: MailRate = { atOnceMax: 4, pauseSeconds: 10 * 60 };

/** The personal access tokens that one account may have. */
export const personalTokensMax = 50;
/** The time for which a token of a program is taken beside the one that replaces it. */
export const rotationOverlapSeconds = 24 * 3600;
/** The use of a token is noted at most once in this time. */
export const tokenUseNotedSeconds = 60;

/** The passkeys that one account may have. */
export const passkeysMax = 20;
/** The time for which the answer of an authenticator is waited for. */
export const passkeyRequestSeconds = 300;

/** The connections with identity providers that one account may have. */
export const connectionsMax = 20;

/** The time within which the second step of a sign-in follows the first. */
export const challengeLifetimeSeconds = 10 * 60;
/** A time step of an authenticator (RFC 6238, section 5.2). */
export const totpStepSeconds = 30;
export const totpDigits = 6;
/** The steps before and after the present one whose codes are good: clocks differ, and people type slowly (RFC 6238, section 5.2). */
export const totpStepsAround = 1;
/** A used step that lies this far ahead is of a clock that was set back. */
export const totpStepsSetBack = 20;
export const recoveryCodesMax = 10;
/** The time for which the link in a notice ends all sessions. */
export const sessionsLinkLifetimeSeconds = 7 * 24 * 3600;

export const noticeLifetimeSeconds = 24 * 3600;
export const setupTokenLifetimeSeconds = 24 * 3600;

/** The delay after which a revocation is visible to others at the latest: open transactions, clock skew. */
export const revokedOverlapSeconds = 30;

/**
 * The most that a stored time may lie ahead of a request's own: requests at once are stored in any order, and the clocks of two
 * processes differ. A time further ahead is that of a clock that was set back since.
 */
export const clockSkewSecondsMax = 60;
/** The time for which a signing key is published after its last use: until every token that it signed has expired. */
export const keyRetirementSeconds = accessTokenLifetimeSeconds + keyRingSecondsMax + clockSkewSecondsMax;

export const deviceLabelCharactersMax = 100;
