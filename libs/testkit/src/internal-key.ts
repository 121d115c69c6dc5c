/** The key of internal tokens in tests; the same in every service that a test starts. */
export const internalKey: Uint8Array = new Uint8Array(32).fill(7);

/** The key in the format of INTERNAL_KEY. */
export const internalKeyBase64 = Buffer.from(internalKey).toString('base64');
