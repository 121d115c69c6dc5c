/** A clock that shows the database's time, so that all processes that share a database agree on what is over. */
export interface DatabaseClock {
  /** Reads the clock. Until the database has told its time, it is the system's. */
  now(): Date;
  /** Learns the database's time, milliseconds since 1970, from a statement that was sent and answered at these monotonic times. */
  learn(databaseMs: number, sentAtMs: number, answeredAtMs: number): void;
  /** Forgets what was learnt: the next database may tell another time. */
  forget(): void;
}

export interface DatabaseClockParts {
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
  /** The system's clock, milliseconds since 1970. */
  readonly systemMs: () => number;
}

/**
 * Creates a database clock. The time of a statement lies somewhere in its round trip, half of which is the error (Cristian, 1989). A
 * reading within this error changes nothing, so that the clock runs evenly.
 */
export const createDatabaseClock = ({ monotonicMs, systemMs }: DatabaseClockParts): DatabaseClock => {
  /** The database's time at the monotonic time 0. */
  let offsetMs: number | null = null;
  return {
    now: () => new Date(offsetMs === null ? systemMs() : offsetMs + monotonicMs()),
    learn(databaseMs, sentAtMs, answeredAtMs) {
      const errorMs = (answeredAtMs - sentAtMs) / 2;
      const readMs = databaseMs - (sentAtMs + errorMs);
      if (offsetMs === null || Math.abs(readMs - offsetMs) > errorMs) offsetMs = readMs;
    },
    forget: () => void (offsetMs = null),
  };
};
