import { expect, test } from 'vitest';
import { createSlots } from '../src/index.ts';

const slotsOf = (limits: { slotsMax: number; slotsPerHolderMax: number; reservedSlots?: number }) =>
  createSlots({
    ...limits,
    allTaken: (slots) => `all ${slots} taken`,
    shareTaken: (slots) => `share of ${slots} taken`,
    retryAfterSeconds: 5,
  });
const shareTaken = { code: 'RATE_LIMITED', message: 'share of 2 taken', retryAfterSeconds: 5 };

test('one holder takes a share and leaves the other slots to others', () => {
  const slots = slotsOf({ slotsMax: 3, slotsPerHolderMax: 2 });
  const release = slots.take({ id: 'ada' });
  slots.take({ id: 'ada' });
  expect(() => slots.take({ id: 'ada' })).toThrow(expect.objectContaining(shareTaken));
  slots.take({ id: 'bob' });
  expect(() => slots.take({ id: 'eve' })).toThrow(
    expect.objectContaining({ code: 'SERVICE_UNAVAILABLE', message: 'all 3 taken', retryAfterSeconds: 5 }),
  );
  release();
  slots.take({ id: 'eve' });
});

test('a slot that is released twice is free once', () => {
  const slots = slotsOf({ slotsMax: 2, slotsPerHolderMax: 2 });
  const release = slots.take({ id: 'ada' });
  slots.take({ id: 'ada' });
  release();
  release();
  slots.take({ id: 'ada' });
  expect(() => slots.take({ id: 'ada' })).toThrow(expect.objectContaining(shareTaken));
});

test('reserved slots are for privileged holders alone, who may have the others, too', () => {
  const slots = slotsOf({ slotsMax: 3, slotsPerHolderMax: 2, reservedSlots: 1 });
  slots.take({ id: 'ada' });
  slots.take({ id: 'bob' });
  expect(() => slots.take({ id: 'eve' })).toThrow(expect.objectContaining({ message: 'all 2 taken' }));
  slots.take({ id: 'owner', isPrivileged: true });
  expect(() => slots.take({ id: 'auditor', isPrivileged: true })).toThrow(expect.objectContaining({ message: 'all 3 taken' }));
});
