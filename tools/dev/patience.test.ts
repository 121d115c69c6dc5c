import { expect, test } from 'vitest';
import { waitPatiently } from './patience.ts';

const timing = { lookEveryMs: 1, noteEveryMs: 1, giveUpAfterMs: 60_000 };

test('it says from time to time that it still waits, and why, and ends when nothing is missing', async () => {
  const notes: string[] = [];
  const look = async (): Promise<string | null> => (notes.length > 1 ? null : 'no answer');
  await waitPatiently({ what: 'auth to answer', look, onNote: (line) => notes.push(line), timing });
  expect(notes).toHaveLength(2);
  for (const note of notes) {
    expect(note).toMatch(
      /^still waiting for auth to answer after 0 s: (no answer|the machine is busy \(load \d+ on \d+ cores?\))$/,
    );
  }
});

const wait = (look: () => Promise<string | null>) =>
  waitPatiently({ what: 'auth', look, onNote: () => {}, timing: { ...timing, giveUpAfterMs: 1 } });

test('it gives up with what is missing, and at once when the look throws', async () => {
  await expect(wait(async () => 'no answer')).rejects.toThrow('Waited 0 s for auth: no answer');
  await expect(wait(() => Promise.reject(new Error('auth ended')))).rejects.toThrow('auth ended');
});
