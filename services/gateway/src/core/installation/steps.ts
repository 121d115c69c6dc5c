import { isAppError } from '@guildhall/errors';
import {
  serviceNames,
  serviceSchemas,
  type DatabaseReport,
  type InstallationFaultCode,
  type InstallationStepName,
  type ServiceName,
} from '@guildhall/contracts';
import { RunFault, serviceUnreachable } from './fault.ts';
import type { Configuration, InstallationParts, InstallationRequest, InstallationServices, ServiceAddresses } from './parts.ts';
import type { InstallationEvent } from './state.ts';
import { outageMsMax, pauseBetweenPolls, waitUntilReady, type WaitParts } from './wait-until-ready.ts';
import { omitUndefined } from '@guildhall/resources';

/** The context that the steps of one run share. */
export interface StepContext extends WaitParts, Pick<InstallationParts, 'installer' | 'statusOf' | 'refresh'> {
  readonly configurationId: string;
  readonly request: InstallationRequest;
  /** True for a run that an earlier process began: the database may still be restarting too. */
  readonly isResumed: boolean;
  readonly dispatch: (event: InstallationEvent) => void;
  /** Set by `prepare_database`. */
  addresses: ServiceAddresses | null;
  /** Stores the configuration in place of the request. Throws CONFLICT if another process was first. */
  storeConfiguration(configuration: Configuration): void;
}

export interface RunStep {
  readonly name: InstallationStepName;
  /** Idempotent. Returns a few words on the result, for the report. */
  readonly take: (context: StepContext) => Promise<string | undefined>;
}

/** The names of the migrations that each service's program has, by schema, for the services that answer. */
export const expectedMigrations = async (services: InstallationServices): Promise<Record<string, readonly string[]>> => {
  const states = await Promise.allSettled(serviceNames.map((service) => services.databaseState(service)));
  return Object.fromEntries(
    states.flatMap((state, index) => {
      const service = serviceNames[index];
      const names = state.status === 'fulfilled' ? state.value.migrationNames : undefined;
      return service === undefined || names === undefined ? [] : [[serviceSchemas[service], names]];
    }),
  );
};

const transientFaults = new Set<InstallationFaultCode>(['UNREACHABLE', 'QUEUE_UNREACHABLE']);

const testDatabase = async (context: StepContext): Promise<string | undefined> => {
  const { installer, request, isResumed, now } = context;
  const startedMs = now().getTime();
  const expected = await expectedMigrations(context.services);
  let report: DatabaseReport;
  for (;;) {
    report = await installer.testDatabase(addressOf(request), expected);
    const isTransient = report.faults.some(({ code }) => transientFaults.has(code));
    if (!isResumed || !isTransient || now().getTime() - startedMs >= outageMsMax) break;
    await pauseBetweenPolls(context);
  }
  context.dispatch({ type: 'warned', warnings: report.warnings });
  const [fault] = report.faults;
  if (fault !== undefined) throw new RunFault(fault.code, fault.detail);
  if (report.holds === 'nothing' && request.administrator === undefined) throw administratorRequired();
  return report.engine === null ? undefined : `${report.engine.name} ${report.engine.version}`;
};

export const addressOf = ({ databaseUrl, queueUrl }: InstallationRequest) => ({
  databaseUrl,
  ...omitUndefined({ queueUrl }),
});

const prepareDatabase = async (context: StepContext): Promise<undefined> => {
  const { urls, warnings } = await context.installer.prepareDatabase(addressOf(context.request));
  context.dispatch({ type: 'warned', warnings });
  context.addresses = urls;
};

const configurationOf = ({ configurationId, addresses }: StepContext): Configuration => {
  if (addresses === null) throw new Error('The database is prepared before services are connected to it.');
  return { configurationId, addresses };
};

const reportProgress =
  ({ dispatch }: StepContext) =>
  (detail: string): void =>
    dispatch({ type: 'step_progressed', detail });

const migrate = (service: ServiceName): RunStep => ({
  name: `migrate_${service}`,
  take: async (context) => {
    context.dispatch({ type: 'services_switched' });
    await waitUntilReady(context, service, configurationOf(context), reportProgress(context));
    return undefined;
  },
});

const administratorRequired = (): RunFault =>
  new RunFault('ADMINISTRATOR_REQUIRED', 'This database has no owner yet. Configure again, naming an administrator.');

const refusedAccountCodes = new Set<string>(['INVALID', 'WEAK_PASSWORD', 'CONFLICT']);

const createAdministrator = async (context: StepContext): Promise<string> => {
  const { services, request } = context;
  const startedMs = context.now().getTime();
  for (;;) {
    try {
      if (await services.hasOwner()) return 'the database has an owner already';
      if (request.administrator === undefined) throw administratorRequired();
      const { isNew } = await services.makeOwner(request.administrator);
      return isNew ? 'created' : 'the database has an owner already';
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (refusedAccountCodes.has(error.code)) throw new RunFault('ADMINISTRATOR_REFUSED', refusalOf(error), error);
      const isAway = error.status === 503;
      if (!isAway) throw error;
      if (context.now().getTime() - startedMs >= outageMsMax) throw unreachable('auth', error);
    }
    await waitUntilReady(context, 'auth', configurationOf(context), reportProgress(context));
    await pauseBetweenPolls(context);
  }
};

const refusalOf = ({ message, errors }: { message: string; errors: readonly { path: string; message: string }[] | undefined }) =>
  [message, ...(errors ?? []).map((error) => `${error.path.slice(1)} ${error.message}`)].join(' ');

const unreachable = (service: ServiceName, cause?: unknown): RunFault => {
  const { code, detail } = serviceUnreachable(service);
  return new RunFault(code, detail, cause);
};

/** A service that is connected and still fails: above all if another installation's key sealed its secrets. */
const unusable = (service: ServiceName): RunFault =>
  new RunFault(
    'SERVICE_UNREACHABLE',
    `The ${service} service is connected there, but cannot do its work. Its log says why: secrets that another installation sealed can be opened only with the ENCRYPTION_KEY of that installation. Put that right, then configure again.`,
  );

/** Waits until the gateway's own poll sees every service ready, so that the next request is served. */
const connect = async (context: StepContext): Promise<undefined> => {
  const configuration = configurationOf(context);
  for (const service of serviceNames) {
    await waitUntilReady(context, service, configuration, () => {});
    const startedMs = context.now().getTime();
    for (;;) {
      const seen = context.statusOf(service);
      if (seen.status === 'ready' && seen.configurationId === configuration.configurationId) break;
      if (context.now().getTime() - startedMs >= outageMsMax) {
        throw seen.status === 'unreachable' ? unreachable(service) : unusable(service);
      }
      context.refresh(service);
      await pauseBetweenPolls(context);
    }
  }
  context.storeConfiguration(configuration);
};

/** The steps of a run, in the order of the contract's `installationSteps`. */
export const runSteps: readonly RunStep[] = [
  { name: 'test_database', take: testDatabase },
  { name: 'prepare_database', take: prepareDatabase },
  ...serviceNames.map(migrate),
  { name: 'create_administrator', take: createAdministrator },
  { name: 'connect', take: connect },
];
