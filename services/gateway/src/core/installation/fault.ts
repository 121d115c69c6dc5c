import type { InstallationFault, InstallationFaultCode } from '@guildhall/contracts';

/** What ends a run: a code for programs, a sentence that says what to do, and what lies behind it for the log. */
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
