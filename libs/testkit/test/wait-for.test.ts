import { expect, test } from 'vitest';
import { waitFor } from '../src/index.ts';

test('waitFor answers what the condition answered, and looks again at one that throws', async () => {
  let looks = 0;
  const answer = await waitFor(() => {
    looks += 1;
    if (looks === 1) throw new Error('not yet');
    return looks > 2 ? 'there' : undefined;
  });
  expect([answer, looks]).toEqual(['there', 3]);
});

test('waitFor gives up with what it waited for and the last error', async () => {
  const waiting = waitFor(
    () => {
      throw new Error('never');
    },
    { timeoutMs: 40, what: 'a miracle' },
  );
  await expect(waiting).rejects.toMatchObject({ message: 'Waited 40 ms for a miracle.', cause: new Error('never') });
});
