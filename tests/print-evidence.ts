import { failureEvidence, forgetEvidence } from '@guildhall/testkit/failure-evidence';
import { beforeEach } from 'vitest';

/** A set-up file of vitest: a failing test prints the last log lines of the services that its file started. */

forgetEvidence();

beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => {
    const evidence = failureEvidence();
    if (evidence !== '') process.stderr.write(`\nWhat was logged before "${task.name}" failed:\n${evidence}`);
  });
});
