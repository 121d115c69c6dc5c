import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJourney } from '../../tools/demo/journey.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';

let run: TestStack;

beforeAll(async () => {
  run = await startTestStack();
});
afterAll(() => run.close());

test('the main job: from the first account to every change in the audit log', async () => {
  const said: string[] = [];
  const terminal = {
    step: (title: string) => void said.push(title),
    exchange: () => {},
    ok: () => {},
    failed: () => {},
    say: () => {},
  };
  const { http, stack } = run;
  expect(stack.setupToken).toMatch(/^\S{20,}$/);
  await runJourney({
    http,
    terminal,
    mailFolder: stack.mailFolder,
    setupToken: stack.setupToken,
    owner: null,
    onOwner: async () => {},
  });
  expect(said.at(-1)).toBe('Every one of these is in the audit log');
});
