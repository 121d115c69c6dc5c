/** The name of the one log there is. */
export const logName = 'audit';
