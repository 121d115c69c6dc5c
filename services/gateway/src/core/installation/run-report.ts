import {
  installationSteps,
  type InstallationFault,
  type InstallationRun,
  type InstallationStepName,
  type InstallationWarning,
} from '@guildhall/contracts';
import { omitUndefined } from '@guildhall/resources';

/** The events of a run. Times are ISO 8601 in UTC. */
export type RunEvent =
  | { readonly type: 'step_started'; readonly step: InstallationStepName }
  | { readonly type: 'step_progressed'; readonly detail: string }
  | { readonly type: 'step_done'; readonly detail?: string | undefined }
  | { readonly type: 'warned'; readonly warnings: readonly InstallationWarning[] }
  | { readonly type: 'run_ended'; readonly at: string; readonly fault: InstallationFault | null };

type Step = InstallationRun['steps'][number];

/** The report of a run that has taken no step yet. */
export const newReport = (id: string, startedAt: string): InstallationRun => ({
  id,
  status: 'running',
  startedAt,
  endedAt: null,
  steps: installationSteps.map((name): Step => ({ name, status: 'pending' })),
  fault: null,
  warnings: [],
});

/** The report after one event: a new object, or the same one if the event changes nothing. */
export const reduceReport = (report: InstallationRun, event: RunEvent): InstallationRun => {
  const changeRunning = (changes: Partial<Step>): Step[] =>
    report.steps.map((step) => (step.status === 'running' ? { ...step, ...changes } : step));
  switch (event.type) {
    case 'step_started':
      return {
        ...report,
        steps: report.steps.map((step): Step => (step.name === event.step ? { name: event.step, status: 'running' } : step)),
      };
    case 'step_progressed': {
      const isNews = report.steps.some(({ status, detail }) => status === 'running' && detail !== event.detail);
      return isNews ? { ...report, steps: changeRunning({ detail: event.detail }) } : report;
    }
    case 'step_done':
      return {
        ...report,
        steps: changeRunning({ status: 'done', ...omitUndefined({ detail: event.detail }) }),
      };
    case 'warned': {
      const known = new Set(report.warnings.map(({ code }) => code));
      const added = event.warnings.filter(({ code }) => !known.has(code));
      return added.length === 0 ? report : { ...report, warnings: [...report.warnings, ...added] };
    }
    case 'run_ended':
      return {
        ...report,
        status: event.fault === null ? 'succeeded' : 'failed',
        endedAt: event.at,
        steps: changeRunning({ status: 'failed' }),
        fault: event.fault,
      };
  }
};
