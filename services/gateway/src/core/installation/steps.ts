import { isAppError } from '@guildhall/errors';
import {
  serviceNames,
  serviceSchemas,
  type DatabaseReport,
  type InstallationFaultCode,
  type InstallationStepName,
  type ServiceName,
} from '@guildhall/contracts';
import { arrive, awayMsMax, unreachable, waitABit, type Waiting } from './arrive.ts';
import { RunFault } from './fault.ts';
import type { Configuration, InstallationParts, InstallationRequest, InstallationServices, ServiceAddresses } from './parts.ts';
import type { Run } from './run.ts';

/** What the steps of one run share. */
export interface StepContext extends Waiting, Pick<InstallationParts, 'installer' | 'lookAt' | 'nudge'> {
  readonly configurationId: string;
  readonly request: InstallationRequest;
  /** A run that goes on after a restart: what was there before may still be on its way. */
  readonly isResumed: boolean;
  readonly run: Run;
  /** Found by `prepare_database`. */
  addresses: ServiceAddresses | null;
  /** From here on the former configuration serves nobody. */
  leave(): void;
  /** Keeps the configuration in place of the request, for good. */
  keep(configuration: Configuration): void;
}

export interface RunStep {
  readonly name: InstallationStepName;
  /** Done twice is as good as done once. Answers how it ended, in a few words. */
  readonly take: (context: StepContext) => Promise<string | undefined>;
}

/** What each service's program knows of migrations, for those that answer. */
export const migrationsExpected = async (services: InstallationServices): Promise<Record<string, readonly string[]>> => {
  const states = await Promise.allSettled(serviceNames.map((service) => services.databaseState(service)));
  return Object.fromEntries(
    states.flatMap((state, index) => {
      const service = serviceNames[index];
      const names = state.status === 'fulfilled' ? state.value.migrationNames : undefined;
      return service === undefined || names === undefined ? [] : [[serviceSchemas[service], names]];
    }),
  );
};

const passing = new Set<InstallationFaultCode>(['UNREACHABLE', 'QUEUE_UNREACHABLE']);

const testDatabase = async (context: StepContext): Promise<string | undefined> => {
  const { installer, request, isResumed, now } = context;
  const startedMs = now().getTime();
  const expected = await migrationsExpected(context.services);
  let report: DatabaseReport;
  for (;;) {
    report = await installer.testDatabase(addressOf(request), expected);
    const isPassing = report.faults.some(({ code }) => passing.has(code));
    if (!isResumed || !isPassing || now().getTime() - startedMs >= awayMsMax) break;
    await waitABit(context);
  }
  context.run.warn(report.warnings);
  const [fault] = report.faults;
  if (fault !== undefined) throw new RunFault(fault.code, fault.detail);
  if (report.holds === 'nothing' && request.administrator === undefined) throw administratorRequired();
  return report.engine === null ? undefined : `${report.engine.name} ${report.engine.version}`;
};

export const addressOf = ({ databaseUrl, queueUrl }: InstallationRequest) => ({
  databaseUrl,
  ...(queueUrl === undefined ? {} : { queueUrl }),
});

const prepareDatabase = async (context: StepContext): Promise<undefined> => {
  const { urls, warnings } = await context.installer.prepareDatabase(addressOf(context.request));
  context.run.warn(warnings);
  context.addresses = urls;
};

const configurationOf = ({ configurationId, addresses }: StepContext): Configuration => {
  if (addresses === null) throw new Error('The database is prepared before anyone is sent there.');
  return { configurationId, addresses };
};

const migrate = (service: ServiceName): RunStep => ({
  name: `migrate_${service}`,
  take: async (context) => {
    context.leave();
    await arrive(context, service, configurationOf(context), context.run.say);
    return undefined;
  },
});

const administratorRequired = (): RunFault =>
  new RunFault('ADMINISTRATOR_REQUIRED', 'This database has no owner yet. Configure again, naming an administrator.');

const refused = new Set(['INVALID', 'UNPROCESSABLE', 'CONFLICT']);

const createAdministrator = async (context: StepContext): Promise<string> => {
  const { services, request } = context;
  const startedMs = context.now().getTime();
  for (;;) {
    try {
      if (await services.hasOwner()) return 'it has an owner already';
      if (request.administrator === undefined) throw administratorRequired();
      const { isNew } = await services.makeOwner(request.administrator);
      return isNew ? 'made' : 'it has an owner already';
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (refused.has(error.code)) throw new RunFault('ADMINISTRATOR_REFUSED', refusalOf(error), error);
      const isAway = error.status === 503;
      if (!isAway) throw error;
      if (context.now().getTime() - startedMs >= awayMsMax) throw new RunFault(...faultOf('auth'), error);
    }
    await arrive(context, 'auth', configurationOf(context), context.run.say);
    await waitABit(context);
  }
};

const refusalOf = ({ message, errors }: { message: string; errors: readonly { path: string; message: string }[] | undefined }) =>
  [message, ...(errors ?? []).map((error) => `${error.path.slice(1)} ${error.message}`)].join(' ');

const faultOf = (service: ServiceName): [InstallationFaultCode, string] => {
  const { code, detail } = unreachable(service);
  return [code, detail];
};

/** It is there and connected, and its work fails: above all where its keys were sealed by another installation. */
const useless = (service: ServiceName): [InstallationFaultCode, string] => [
  'SERVICE_UNREACHABLE',
  `The ${service} service is connected there, but cannot do its work. Its log says why: what another installation sealed opens with that one's ENCRYPTION_KEY alone. Put that right, then configure again.`,
];

/** Resolves once the gateway itself sees every service ready: the next request is served. */
const connect = async (context: StepContext): Promise<undefined> => {
  const configuration = configurationOf(context);
  for (const service of serviceNames) {
    await arrive(context, service, configuration, () => {});
    const startedMs = context.now().getTime();
    for (;;) {
      const look = context.lookAt(service);
      if (look.status === 'ready' && look.configurationId === configuration.configurationId) break;
      if (context.now().getTime() - startedMs >= awayMsMax) {
        throw new RunFault(...(look.status === 'unreachable' ? faultOf(service) : useless(service)));
      }
      context.nudge(service);
      await waitABit(context);
    }
  }
  context.keep(configuration);
};

/** What a run does, in the order of `installationSteps`. */
export const runSteps: readonly RunStep[] = [
  { name: 'test_database', take: testDatabase },
  { name: 'prepare_database', take: prepareDatabase },
  ...serviceNames.map(migrate),
  { name: 'create_administrator', take: createAdministrator },
  { name: 'connect', take: connect },
];
