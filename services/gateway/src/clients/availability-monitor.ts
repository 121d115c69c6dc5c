import type { ServiceName } from '@guildhall/contracts';
import { connectToService, type Logger, type ServiceConnections } from '@guildhall/http';
import { repeat, withTimeLimit } from '@guildhall/repeat';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { availabilityImpliedBy, type Availability } from '../core/availability/availability.ts';
import type { LastCheck } from '../core/system/read-system.ts';

export interface AvailabilityMonitor {
  /** The status at the last poll, or the one that a trip implies. */
  statusOf(service: ServiceName): Availability;
  /** Since when the status is what it is, and when the service was polled last. */
  lastCheckOf(service: ServiceName): LastCheck;
  /** Polls at once instead of at the next interval: a request just failed. */
  refresh(service: ServiceName): void;
  /** Notes that a service has answered a request: a poll that it answers too late does not count against it then. */
  heard(service: ServiceName): void;
  /**
   * Notes that a request to a service begins. Returns a function to call with the code if the service refuses it: the circuit
   * breaker opens if the code implies that the service has lost its database, until a poll that begins afterwards closes it. A
   * refusal of a request from before the last recovery does not open it. It opens at most once a second: a single query that
   * fails is no outage.
   */
  begin(service: ServiceName): (refusalCode: string) => void;
  /** Resolves when it is known how the service is: it has answered a poll, or refused the connection. Silence tells nothing while processes start. */
  polled(service: ServiceName): Promise<void>;
  /** Calls whenever the status of a service, or the configuration it uses, has changed. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** The poll interval. */
const pollEveryMs = 1_000;
/** A service that does not answer a poll within this time counts as unreachable. Time for a second connection: the first may go to a replica that is gone. */
const answerTimeoutMs = 2_000;
const connectTimeoutMs = 1_000;
/** The first poll has more time: a gateway that starts knows of nothing else. */
const firstAnswerTimeoutMsDefault = 3_000;
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
  readonly now: () => Date;
  /** The time that a service has for its first answer; 3 s where not said. */
  readonly firstAnswerTimeoutMs?: number | undefined;
}

/** A circuit breaker over the services: polls the health of each once a second and logs each change of status once. */
export const createAvailabilityMonitor = (parts: AvailabilityMonitorParts): AvailabilityMonitor => {
  const listeners: (() => void)[] = [];
  const onNews = (): void => {
    for (const listener of listeners) listener();
  };
  const watch = (service: ServiceName) => watchService(service, { ...parts, onNews });
  const watched = { auth: watch('auth'), 'team-resources': watch('team-resources'), audit: watch('audit') };
  return {
    statusOf: (service) => watched[service].status(),
    lastCheckOf: (service) => watched[service].last(),
    refresh: (service) => watched[service].poller.wake(),
    begin: (service) => watched[service].begin(),
    heard: (service) => watched[service].heard(),
    polled: (service) => watched[service].polled,
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      await Promise.all(Object.values(watched).map(({ poller }) => poller.stop()));
      await Promise.all(Object.values(watched).map(({ connections }) => connections.close()));
    },
  };
};

/** Polls one service. `onNews` is called whenever its status, or the configuration it uses, has changed. */
const watchService = (service: ServiceName, parts: AvailabilityMonitorParts & { readonly onNews: () => void }) => {
  const { services, log, monotonicMs, now, onNews, firstAnswerTimeoutMs = firstAnswerTimeoutMsDefault } = parts;
  // A connection of its own, so that a poll does not wait behind requests.
  const connections = connectToService({ baseUrl: services[service], connections: 1, connectTimeoutMs });
  const polled = Promise.withResolvers<void>();
  let current: Availability = { status: 'connecting' };
  let last: LastCheck = { since: null, checkedAt: null };
  let trips = 0;
  let recoveries = 0;
  let trippedAtMs = -tripsApartMs;
  let heardAtMs = -1;
  const learn = (next: Availability): void => {
    last = nextCheck(last, next.status === current.status, now().toISOString());
    if (next.status !== current.status) log.info({ of: service, from: current.status, to: next.status }, 'availability changed');
    // A service may have moved to another database between two polls: that is ready anew, too.
    if (next.status === 'ready' && hasChanged(current, next)) recoveries += 1;
    const hasNews = hasChanged(current, next);
    current = next;
    if (hasNews) onNews();
  };
  const poller = repeat({
    everyMs: pollEveryMs,
    task: async () => {
      const tripsBefore = trips;
      const begunAtMs = monotonicMs();
      const { found, isSilent } = await poll(connections, last.checkedAt === null ? firstAnswerTimeoutMs : answerTimeoutMs);
      const isContradicted = found.status === 'unreachable' && heardAtMs >= begunAtMs;
      // A poll that began before the circuit opened is out of date.
      if (trips === tripsBefore && !isContradicted) learn(found);
      if (!isSilent) polled.resolve();
    },
    onError: (error) => log.error({ err: error, of: service }, 'the service could not be polled'),
  });
  const trip = (code: string): void => {
    const implied = availabilityImpliedBy(code);
    const nowMs = monotonicMs();
    if (implied === undefined || nowMs - trippedAtMs < tripsApartMs) return;
    trips += 1;
    trippedAtMs = nowMs;
    learn({ ...current, ...implied });
  };
  const begin = (): ((code: string) => void) => {
    const recoveriesBefore = recoveries;
    return (code) => {
      if (recoveries === recoveriesBefore) trip(code);
      poller.wake();
    };
  };
  const heard = (): void => void (heardAtMs = monotonicMs());
  return { status: () => current, last: () => last, poller, begin, heard, connections, polled: polled.promise };
};

const nextCheck = ({ since }: LastCheck, isSame: boolean, checkedAt: string): LastCheck => ({
  since: isSame ? (since ?? checkedAt) : checkedAt,
  checkedAt,
});

const hasChanged = (before: Availability, after: Availability): boolean =>
  before.status !== after.status || before.source !== after.source || before.configurationId !== after.configurationId;

/** The errors of a service of which nothing came at all. */
const silentCodes: ReadonlySet<unknown> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'EAI_AGAIN']);
const isSilence = (error: unknown): boolean => {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  return name === 'TimeoutError' || silentCodes.has(code);
};

interface Polled {
  readonly found: Availability;
  readonly isSilent: boolean;
}

const poll = async (connections: ServiceConnections, timeoutMs: number): Promise<Polled> => {
  try {
    const answer = await withTimeLimit(timeoutMs, async (signal): Promise<unknown> => {
      const { body } = await connections.dispatcherFor(true).request({ method: 'GET', path: '/readyz', signal });
      return body.json();
    });
    const isReport = Answer.Check(answer);
    const noReport = { status: 'unreachable', detail: 'the answer is not a readiness report' } as const;
    return { found: isReport ? answer.sharedDatabase : noReport, isSilent: false };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { found: { status: 'unreachable', detail }, isSilent: isSilence(error) };
  }
};
