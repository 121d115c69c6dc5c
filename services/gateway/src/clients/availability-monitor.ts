import type { ServiceName } from '@guildhall/contracts';
import type { Logger } from '@guildhall/http';
import { repeat } from '@guildhall/repeat';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Agent, request } from 'undici';
import { availabilityBehind, type Availability } from '../core/availability/availability.ts';

export interface AvailabilityMonitor {
  of(service: ServiceName): Availability;
  /** Looks at once instead of at the next beat: something just failed. */
  nudge(service: ServiceName): void;
  /**
   * A request to a service begins. Call the returned function with the code when the service refuses it: where the code
   * tells of the shared database, the circuit breaker opens at once, until a check that begins then says otherwise. A
   * refusal of a request that began before the last recovery does not open it. Heard once a second: one query that fails
   * where others do not is no outage.
   */
  begin(service: ServiceName): (refusalCode: string) => void;
  /** Calls whenever what a service says of itself, or of where its database is, became another. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** How often each service is asked how it is. */
const askEveryMs = 1_000;
/** A service that does not say how it is within this time is taken to be unreachable. */
const answerTimeoutMs = 1_000;
const tripsApartMs = 1_000;

const Answer = Compile(
  Type.Object({
    sharedDatabase: Type.Object({
      status: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable']),
      detail: Type.Optional(Type.String()),
      source: Type.Optional(Type.Union([Type.Enum(['environment', 'installation']), Type.Null()])),
      configurationId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      migrations: Type.Optional(Type.Union([Type.Object({ applied: Type.Integer(), pending: Type.Integer() }), Type.Null()])),
    }),
  }),
);

export interface AvailabilityMonitorParts {
  readonly services: Readonly<Record<ServiceName, string>>;
  readonly log: Logger;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
}

/** Asks every service once a second how it is; one log line per change, however long a state lasts. */
export const createAvailabilityMonitor = ({ services, log, monotonicMs }: AvailabilityMonitorParts): AvailabilityMonitor => {
  // Connections of its own: a question about health must not wait behind requests.
  const agent = new Agent({ connections: 1, connect: { timeout: answerTimeoutMs } });
  const listeners: (() => void)[] = [];
  const watch = (service: ServiceName) => {
    let current: Availability = { status: 'connecting' };
    let trips = 0;
    let recoveries = 0;
    let trippedAtMs = -tripsApartMs;
    const learn = (next: Availability): void => {
      if (next.status !== current.status)
        log.info({ of: service, from: current.status, to: next.status }, 'availability changed');
      if (next.status === 'ready' && current.status !== 'ready') recoveries += 1;
      const isOther = isChanged(current, next);
      current = next;
      if (isOther) for (const listener of listeners) listener();
    };
    const beat = repeat({
      everyMs: askEveryMs,
      task: async () => {
        const tripsBefore = trips;
        const look = await ask(services[service], agent);
        // What it said before it refused a request is old.
        if (trips === tripsBefore) learn(look);
      },
      onError: (error) => log.error({ err: error, of: service }, 'availability could not be told'),
    });
    const trip = (code: string): void => {
      const behind = availabilityBehind(code);
      const nowMs = monotonicMs();
      if (behind === undefined || nowMs - trippedAtMs < tripsApartMs) return;
      trips += 1;
      trippedAtMs = nowMs;
      learn({ ...current, ...behind });
    };
    const begin = (): ((code: string) => void) => {
      const recoveriesBefore = recoveries;
      return (code) => {
        if (recoveries === recoveriesBefore) trip(code);
        beat.nudge();
      };
    };
    return { state: () => current, beat, begin };
  };
  const watched = { auth: watch('auth'), 'team-resources': watch('team-resources'), audit: watch('audit') };
  return {
    of: (service) => watched[service].state(),
    nudge: (service) => watched[service].beat.nudge(),
    begin: (service) => watched[service].begin(),
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      await Promise.all(Object.values(watched).map(({ beat }) => beat.stop()));
      await agent.close();
    },
  };
};

const isChanged = (before: Availability, after: Availability): boolean =>
  before.status !== after.status || before.source !== after.source || before.configurationId !== after.configurationId;

const ask = async (baseUrl: string, dispatcher: Agent): Promise<Availability> => {
  try {
    const { body } = await request(`${baseUrl}/readyz`, { dispatcher, signal: AbortSignal.timeout(answerTimeoutMs) });
    const answer: unknown = await body.json();
    if (!Answer.Check(answer)) return { status: 'unreachable', detail: 'it answers something that is not its state' };
    return answer.sharedDatabase;
  } catch (error) {
    return { status: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
  }
};
