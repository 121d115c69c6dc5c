import {
  installationSteps,
  type InstallationFault,
  type InstallationRun,
  type InstallationStepName,
  type InstallationWarning,
} from '@guildhall/contracts';

/** The report of one run, as it grows. */
export interface Run {
  /** As it is now; never changed afterwards. */
  report(): InstallationRun;
  begin(step: InstallationStepName): void;
  say(detail: string): void;
  warn(warnings: readonly InstallationWarning[]): void;
  done(detail?: string): void;
  /** Ends it: well, or with a fault in the step under way. */
  end(fault: InstallationFault | null): void;
}

type Step = InstallationRun['steps'][number];

export const createRun = (id: string, now: () => Date, onChange: (report: InstallationRun) => void): Run => {
  let report: InstallationRun = {
    id,
    status: 'running',
    startedAt: now().toISOString(),
    endedAt: null,
    steps: installationSteps.map((name): Step => ({ name, status: 'pending' })),
    fault: null,
    warnings: [],
  };
  const change = (changes: Partial<InstallationRun>): void => {
    report = { ...report, ...changes };
    onChange(report);
  };
  const changeRunning = (changes: Partial<Step>): readonly Step[] =>
    report.steps.map((step) => (step.status === 'running' ? { ...step, ...changes } : step));
  return {
    report: () => report,
    begin: (name) =>
      change({ steps: report.steps.map((step): Step => (step.name === name ? { name, status: 'running' } : step)) }),
    say: (detail) => {
      if (report.steps.some((step) => step.status === 'running' && step.detail !== detail))
        change({ steps: [...changeRunning({ detail })] });
    },
    warn: (warnings) => {
      const known = new Set(report.warnings.map(({ code }) => code));
      const added = warnings.filter(({ code }) => !known.has(code));
      if (added.length > 0) change({ warnings: [...report.warnings, ...added] });
    },
    done: (detail) => change({ steps: [...changeRunning({ status: 'done', ...(detail === undefined ? {} : { detail }) })] }),
    end: (fault) =>
      change({
        status: fault === null ? 'succeeded' : 'failed',
        endedAt: now().toISOString(),
        steps: [...changeRunning({ status: 'failed' })],
        fault,
      }),
  };
};
