/** The limits of this service, each named with its unit. */
export const passwordBytesMin = 12;
/** bcrypt reads no more (Provos and Mazières, "A Future-Adaptable Password Scheme"). */
export const passwordBytesMax = 72;

export const accessTokenLifetimeSeconds = 300;
/** A session ends this long after its log-in, however often it is refreshed. */
export const sessionLifetimeSeconds = 30 * 24 * 3600;
/** Two requests of one device that trade the same refresh token within this time are a race, not a theft. */
export const refreshGraceSeconds = 10;

export const codeLifetimeSeconds = 15 * 60;
export const codeAttemptsMax = 5;
/** The pause between two codes for one address. */
export const codePauseSeconds = 60;

/** The mails to one address that others may ask for at once, and the time after which each makes room for another one. */
export const inviteMailsAtOnceMax = 3;
export const inviteMailPauseSeconds = 30 * 60;

export const noticeLifetimeSeconds = 24 * 3600;
export const setupTokenLifetimeSeconds = 24 * 3600;

/** The delay after which a revocation is visible to others at the latest: open transactions, clock skew. */
export const revokedOverlapSeconds = 30;

export const deviceLabelCharactersMax = 100;
