import type { auditFaults } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';

/** The name of a part that stands still or does not hold, in metrics, log lines and at /readyz. */
export type FaultName = (typeof auditFaults)[number];

export interface StandingFault {
  readonly name: FaultName;
  readonly reason: string;
  /** When it began, in ISO 8601. */
  readonly since: string;
}

/** The faults that stand now. */
export interface Faults {
  /** Raises a fault, or gives the one that stands another reason. */
  raise(name: FaultName, reason: string): void;
  clear(name: FaultName): void;
  isStanding(name: FaultName): boolean;
  standing(): readonly StandingFault[];
}

export interface FaultsParts {
  readonly now: () => Date;
  /** Called when a fault begins and when its reason changes. */
  readonly onRaised: (fault: StandingFault) => void;
  readonly onCleared: (fault: StandingFault) => void;
}

export const createFaults = ({ now, onRaised, onCleared }: FaultsParts): Faults => {
  const standing = new Map<FaultName, StandingFault>();
  return {
    raise(name, reason) {
      const before = standing.get(name);
      if (before?.reason === reason) return;
      const fault = { name, reason, since: before?.since ?? now().toISOString() };
      standing.set(name, fault);
      onRaised(fault);
    },
    clear(name) {
      const before = standing.get(name);
      if (before === undefined) return;
      standing.delete(name);
      onCleared(before);
    },
    isStanding: (name) => standing.has(name),
    standing: () => [...standing.values()],
  };
};

const outages: readonly string[] = ['SHARED_DB_UNAVAILABLE', 'NOT_CONFIGURED'];

/** True for a database that is away: readiness says that by itself, and what waits goes on when it is back. */
export const isOutage = (error: unknown): boolean => isAppError(error) && outages.includes(error.code);

/** Does the work. Its failure is a fault until it succeeds again, and is thrown. */
export const orFault = async <T>(
  faults: Pick<Faults, 'raise' | 'clear'>,
  name: FaultName,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    const done = await work();
    faults.clear(name);
    return done;
  } catch (error) {
    if (!isOutage(error)) faults.raise(name, error instanceof Error ? error.message : String(error));
    throw error;
  }
};
