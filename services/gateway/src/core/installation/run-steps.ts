import type { InstallationFault, InstallationFaultCode, InstallationStepName } from '@guildhall/contracts';
import { RunFault, RunInterrupted } from './fault.ts';
import type { InstallationLog } from './parts.ts';
import { runSteps, type RunStep, type StepContext } from './steps.ts';

/** Takes every step in order, also the steps that an earlier process took: each is idempotent. Never throws. */
export const takeSteps = async (
  context: StepContext,
  log: InstallationLog,
  steps: readonly RunStep[] = runSteps,
): Promise<'done' | 'interrupted' | InstallationFault> => {
  for (const { name, take } of steps) {
    context.dispatch({ type: 'step_started', step: name });
    try {
      const detail = await take(context);
      if (context.signal.aborted) return 'interrupted';
      context.dispatch({ type: 'step_done', detail });
    } catch (error) {
      if (error instanceof RunInterrupted || context.signal.aborted) return 'interrupted';
      const fault = error instanceof RunFault ? error.fault : unexpected(name);
      log.warn({ err: error, step: name, fault: fault.code }, 'the shared database could not be connected');
      return fault;
    }
  }
  return 'done';
};

const unexpectedCodes: Readonly<Record<InstallationStepName, InstallationFaultCode>> = {
  test_database: 'UNREACHABLE',
  prepare_database: 'CANNOT_CREATE_SCHEMAS',
  migrate_auth: 'MIGRATION_FAILED',
  'migrate_team-resources': 'MIGRATION_FAILED',
  migrate_audit: 'MIGRATION_FAILED',
  create_administrator: 'ADMINISTRATOR_REFUSED',
  connect: 'SERVICE_UNREACHABLE',
};

/** The cause of an unexpected error is not shown: it may hold an address. */
const unexpected = (name: InstallationStepName): InstallationFault => ({
  code: unexpectedCodes[name],
  detail: `The step ${name} failed for a reason that is in the gateway's log. Put that right, then configure again.`,
});
