/** The input cannot be judged: a file that is not there, is not what it should be, or does not belong to the others. */
export class InputError extends Error {}
