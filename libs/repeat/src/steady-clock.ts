/**
 * Reads a steady clock: milliseconds since 1970 by the system's clock at the start of this process, and by a monotonic clock from there
 * on. For durations and time limits within a process: it never steps, but is as wrong as the system's clock was at the start.
 */
export const steadyMs = (): number => performance.timeOrigin + performance.now();
