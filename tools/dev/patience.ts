import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** The awaited condition: "auth to answer". */
  readonly what: string;
  /** Returns what is still missing, null when nothing is. What it throws ends the waiting. */
  readonly look: () => Promise<string | null>;
  /** Called from time to time with the reason why the wait goes on. */
  readonly onNote: (line: string) => void;
  readonly timing?: PatienceTiming;
}

export interface PatienceTiming {
  readonly lookEveryMs: number;
  readonly noteEveryMs: number;
  readonly giveUpAfterMs: number;
}

/** A first start on a machine whose cores others use may take minutes. */
const patient: PatienceTiming = { lookEveryMs: 50, noteEveryMs: 15_000, giveUpAfterMs: 600_000 };

const inSeconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** The reason why it takes long: an overloaded machine, or what is missing. */
const reasonOf = (missing: string): string => {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  return load > cores ? `the machine is busy (load ${load.toFixed(0)} on ${cores} cores)` : missing;
};

/** Polls until nothing is missing any more. Throws an Error that names what is missing after ten minutes. */
export const waitPatiently = async ({ what, look, onNote, timing = patient }: Patience): Promise<void> => {
  const startedAt = performance.now();
  let noteAtMs = timing.noteEveryMs;
  for (;;) {
    const missing = await look();
    if (missing === null) return;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > timing.giveUpAfterMs) throw new Error(`Waited ${inSeconds(waitedMs)} for ${what}: ${missing}`);
    if (waitedMs > noteAtMs) {
      onNote(`still waiting for ${what} after ${inSeconds(waitedMs)}: ${reasonOf(missing)}`);
      noteAtMs += timing.noteEveryMs;
    }
    await pause(timing.lookEveryMs);
  }
};
