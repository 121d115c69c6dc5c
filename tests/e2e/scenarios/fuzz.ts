import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCallers } from '../../fuzz/callers.ts';
import { runFuzz } from '../../fuzz/run.ts';
import { readLocalToken, type TestStack } from '../../support/test-stack.ts';

const requests = 400;
const secondsMax = 10;

/** A short run of `make fuzz`, the same requests each time; what fails here is shown with the command that sends it again. */
export const testFuzz = (stackOf: () => TestStack): void => {
  test('holds for random requests, valid and broken: no 5xx, and nothing that it does not declare', async () => {
    const { stack, http, dataFolder } = stackOf();
    const callers = await createCallers({
      http,
      mailFolder: stack.mailFolder,
      localToken: readLocalToken(join(dataFolder, 'keys', 'local-token')),
    });
    const result = await runFuzz({ baseUrl: stack.urls.gateway, callers, requests, secondsMax, seed: 1 });
    expect(result.faults).toEqual([]);
    expect(result.answers[200] ?? 0).toBeGreaterThan(0);
  });
};
