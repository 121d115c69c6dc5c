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

test('waitFor names what there is when the time is over, not what there was before', async () => {
  let looks = 0;
  const waiting = waitFor(() => (looks += 1) === 0, {
    timeoutMs: 1,
    what: () => `a miracle in ${looks > 0 ? 'some' : 'no'} looks`,
  });
  await expect(waiting).rejects.toThrow('Waited 1 ms for a miracle in some looks.');
});
