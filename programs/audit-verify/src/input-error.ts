/** An input that cannot be verified: a file that is missing, malformed, or does not belong to the others. */
export class InputError extends Error {}
