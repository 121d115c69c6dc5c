/** A command that was not written correctly: exit code 2; any other failure is 1. */
export class UsageError extends Error {}
