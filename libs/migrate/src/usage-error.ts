/** The command was not said rightly: exit code 2, where a failure is 1. */
export class UsageError extends Error {}
