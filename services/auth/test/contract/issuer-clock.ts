/** Reads the clock of an issuer elsewhere, which is the system's: seconds since 1970. */
export const issuerSeconds = (): number => Math.floor(Date.now() / 1_000);
