/** Longer than a stack is waited for, which ends by itself: at once when a process ends, else after ten minutes. */
export const startLimitMs = 660_000;
