import { isAppError } from '@guildhall/errors';
import {
  serviceNames,
  type DatabaseReport,
  type Installation as InstallationState,
  type InstallationRun,
  type ServiceName,
} from '@guildhall/contracts';
import { besideHeld, isOfEnvironment, type Availability } from '../availability/availability.ts';
import { createHeld } from './held.ts';
import type { Address, InstallationParts, InstallationRequest, InstallationServices } from './parts.ts';
import { perform } from './perform.ts';
import { createTelling, owedTo, tellAll } from './reconcile.ts';
import { noServices, ruledByEnvironment, runUnderWay, serviceAway } from './refusals.ts';
import { createRun } from './run.ts';
import { installationOf } from './state.ts';
import { addressOf, migrationsExpected } from './steps.ts';
import { takenBack } from './taken-back.ts';

/** Connects and disconnects the shared database, and has the services follow. */
export interface Installation {
  /** Throws CONFLICT where no service could use a shared database: nobody is asked who they are for that. */
  requireServices(): void;
  /** Looks whether a database can be the shared one. Throws CONFLICT where that cannot be decided here. */
  test(address: Address): Promise<DatabaseReport>;
  /**
   * Begins a run, or joins the one under way for the same request. Throws CONFLICT while another one is, or where the
   * environment rules, and SERVICE_UNAVAILABLE when a service does not answer.
   */
  configure(request: InstallationRequest): Promise<InstallationRun>;
  /** Takes up what an earlier process left: a run goes on, a configuration is told to the services. Never throws for what is away. */
  initializeOnStartup(): void;
  /** Back to solo. Throws CONFLICT while a run is under way, or where the environment rules. */
  disconnect(): Promise<InstallationState>;
  state(): InstallationState;
  /** What each service says, beside what is held here. */
  availabilityOf(service: ServiceName): Availability;
  /** Whether somebody can be signed in, or soon again: nobody sets up what is set up. */
  isConfigured(): boolean;
  /** Calls at once with the last run, and with each change. Answers how to stop. */
  follow(listener: (run: InstallationRun) => void): () => void;
  /** Tells each service what it is owed, by what it said last. For a beat: it bounds its own time. */
  reconcile(): Promise<void>;
  /** A run under way goes on at the next start. */
  close(): Promise<void>;
}

/** How long a run may take to stop at its next safe place. */
const closeMsMax = 3_000;

export const createInstallation = (parts: InstallationParts): Installation => {
  const { services, installer, records, lookAt, nudge, setup, newId, now, pause, log } = parts;
  const held = createHeld(records, log);
  const telling = services === null ? null : createTelling({ services, nudge, log });
  const closing = new AbortController();
  const listeners = new Set<(run: InstallationRun) => void>();
  let lastRun: InstallationRun | null = null;
  /** Whether the run under way has begun to move services: until then the former configuration counts. */
  let isLeaving = false;
  let underWay: { readonly asked: string; readonly ending: Promise<void> } | null = null;

  const show = (run: InstallationRun): void => {
    lastRun = run;
    for (const listener of listeners) listener(run);
  };
  const ruleOut = (): InstallationServices => {
    if (services === null) throw noServices();
    if (serviceNames.some((service) => isOfEnvironment(lookAt(service)))) throw ruledByEnvironment();
    return services;
  };

  const begin = (to: InstallationServices, isResumed: boolean): void => {
    const { configurationId, request } = held.unfinished() ?? unclaimed();
    const run = createRun(configurationId, now, show);
    const keep: Parameters<typeof perform>[0]['keep'] = (configuration) => {
      if (!held.keep(configuration)) throw runUnderWay();
      setup.close();
    };
    isLeaving = false;
    const leave = (): void => void (isLeaving = true);
    const shared = { services: to, installer, lookAt, nudge, now, pause, signal: closing.signal };
    const conduct = async (): Promise<void> => {
      const end = await perform({ ...shared, configurationId, request, isResumed, run, addresses: null, leave, keep }, log);
      if (end === 'interrupted') return;
      if (end !== 'done' && telling !== null) {
        const former = await takenBack({ held, pause, log, signal: closing.signal });
        if (former === undefined) return;
        await tellAll(telling, former);
      }
      if (end === 'done') log.info({ configurationId }, 'the shared database is connected');
      underWay = null;
      run.end(end === 'done' ? null : end);
    };
    show(run.report());
    const ending = conduct().catch((error: unknown) => log.error({ err: error }, 'a run did not end in order'));
    underWay = { asked: textOf(request), ending };
  };

  const join = (asked: string): InstallationRun | null => {
    if (underWay === null) return null;
    if (underWay.asked !== asked || lastRun === null) throw runUnderWay();
    return lastRun;
  };
  const configure = async (request: InstallationRequest): Promise<InstallationRun> => {
    const to = ruleOut();
    const joined = join(textOf(request));
    if (joined !== null) return joined;
    await everyoneAnswers(to);
    // Somebody else may have begun meanwhile.
    const joinedNow = join(textOf(request));
    if (joinedNow !== null) return joinedNow;
    if (closing.signal.aborted || !held.claim(newId(), request)) throw runUnderWay();
    begin(to, false);
    return join(textOf(request)) ?? unclaimed();
  };
  const countingId = (): string | null => {
    const former = held.unfinished()?.former ?? null;
    const hasLeft = isLeaving || serviceNames.some((service) => lookAt(service).configurationId === held.id());
    return former === null || hasLeft ? held.id() : former.configurationId;
  };
  const availabilityOf = (service: ServiceName): Availability => besideHeld(countingId(), lookAt(service));
  const state = (): InstallationState =>
    installationOf(services === null ? lookAt : availabilityOf, {
      isHeld: services !== null && held.id() !== null,
      run: lastRun,
    });

  return {
    requireServices() {
      if (services === null) throw noServices();
    },
    async test(address) {
      return installer.testDatabase(addressOf(address), await migrationsExpected(ruleOut()));
    },
    configure,
    initializeOnStartup() {
      setup.close();
      if (services === null) return;
      held.load();
      if (held.unfinished() !== null) begin(services, true);
    },
    async disconnect() {
      ruleOut();
      if (underWay !== null || !held.drop()) throw runUnderWay();
      if (telling !== null) await tellAll(telling, null);
      log.info({}, 'the shared database is disconnected: this installation works solo');
      return state();
    },
    state,
    availabilityOf,
    isConfigured: () =>
      (held.configuration() ?? held.unfinished()?.former ?? null) !== null ||
      serviceNames.some((service) => isOfEnvironment(lookAt(service))),
    follow(listener) {
      if (lastRun !== null) listener(lastRun);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async reconcile() {
      if (telling === null || underWay !== null) return;
      if (isOpenToAll(held.id(), serviceNames.map(lookAt))) setup.open();
      const configuration = held.configuration();
      await Promise.all(
        serviceNames.map(async (service) => {
          const owed = owedTo(held.id(), lookAt(service));
          if (owed === null) telling.agrees(service);
          else if (owed === 'disconnect' || configuration !== null) await telling.tell(service, configuration);
        }),
      );
    },
    async close() {
      closing.abort();
      const waiting = new AbortController();
      await Promise.race([underWay?.ending, pause(closeMsMax, waiting.signal)]);
      waiting.abort();
    },
  };
};

const everyoneAnswers = async (services: InstallationServices): Promise<void> => {
  await Promise.all(
    serviceNames.map(async (service) => {
      const state = await services.databaseState(service).catch((error: unknown) => {
        throw isAppError(error) && error.status === 503 ? serviceAway(service, error) : error;
      });
      if (state.source === 'environment') throw ruledByEnvironment();
    }),
  );
};

/** Nothing is configured, and the services wait for the one who does it. */
const isOpenToAll = (held: string | null, looks: readonly Availability[]): boolean =>
  held === null && looks.some(({ source }) => source !== undefined) && !looks.some(isOfEnvironment);

/** Equal for equal requests. */
const textOf = ({ databaseUrl, queueUrl, administrator }: InstallationRequest): string =>
  JSON.stringify([databaseUrl, queueUrl, administrator?.email, administrator?.password, administrator?.displayName]);

const unclaimed = (): never => {
  throw new Error('A run begins with its claim.');
};
