import type { InstallationFault, InstallationFaultCode, ServiceName } from '@guildhall/contracts';

/** Ends a run: a code for programs, a sentence that says what to do, and the cause for the log alone. */
export class RunFault extends Error {
  override readonly name = 'RunFault';
  readonly fault: InstallationFault;

  constructor(code: InstallationFaultCode, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.fault = { code, detail };
  }
}

/** The gateway is closing: the run goes on at its next start. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

export interface FaultDetail {
  readonly code: InstallationFaultCode;
  readonly detail: string;
}

export const serviceUnreachable = (service: ServiceName): FaultDetail => ({
  code: 'SERVICE_UNREACHABLE',
  detail: `The ${service} service does not answer. Start it, then configure again.`,
});
