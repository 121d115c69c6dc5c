import { describe, expect, test } from 'vitest';
import { canonicalDepthMax, eventTextOf } from '../src/index.ts';

const event = {
  id: '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f',
  kind: 'audit',
  occurredAt: '2026-03-01T10:00:00.000Z',
  payload: { actor: { id: 'Ada', sessionId: 'abc' }, communityId: 'abc', action: 'script.update' },
};

test.each([
  ['with its keys in another order', { payload: event.payload, occurredAt: event.occurredAt, kind: 'audit', id: event.id }],
  ['with its id in capitals', { ...event, id: event.id.toUpperCase() }],
  ['in another time zone', { ...event, occurredAt: '2026-03-01T11:00:00+01:00' }],
  [
    'with other ids in capitals',
    { ...event, payload: { ...event.payload, communityId: 'ABC', actor: { id: 'Ada', sessionId: 'ABC' } } },
  ],
])('an event %s has the same text', (_how, other) => {
  expect(eventTextOf(other)).toBe(eventTextOf(event));
});

test.each([
  ['id', { ...event, id: '00000000-7a8b-4c9d-8e1f-2a3b4c5d6e7f' }],
  ['kind', { ...event, kind: 'user-changed' }],
  ['time', { ...event, occurredAt: '2026-03-01T10:00:00.001Z' }],
  ['payload', { ...event, payload: { ...event.payload, action: 'script.delete' } }],
  ['actor', { ...event, payload: { ...event.payload, actor: { id: 'ada', sessionId: 'abc' } } }],
])('an event with another %s has another text', (_what, other) => {
  expect(eventTextOf(other)).not.toBe(eventTextOf(event));
});

const deeplyNested = (innermost: string): unknown =>
  JSON.parse(`${'['.repeat(canonicalDepthMax + 1)}${innermost}${']'.repeat(canonicalDepthMax + 1)}`) as unknown;

describe('an event without canonical JSON', () => {
  test.each([
    ['nested too deep', { a: deeplyNested('1'), b: 2 }, { b: 2, a: deeplyNested('1') }, { a: deeplyNested('2'), b: 2 }],
    ['half a surrogate pair', { a: '\ud800', b: 2 }, { b: 2, a: '\ud800' }, { a: '\ud801', b: 2 }],
  ])('(%s) has the text of the same one alone', (_what, payload, reordered, other) => {
    const text = eventTextOf({ ...event, payload });
    expect(eventTextOf({ ...event, payload: reordered })).toBe(text);
    expect(eventTextOf({ ...event, payload: other })).not.toBe(text);
    expect(eventTextOf({ ...event, kind: 'user-changed', payload })).not.toBe(text);
    expect(eventTextOf(event)).not.toBe(text);
  });

  test('(a time that is none) has the text of the same one alone', () => {
    const text = eventTextOf({ ...event, occurredAt: 'noon' });
    expect(eventTextOf({ ...event, occurredAt: 'noon' })).toBe(text);
    expect(eventTextOf({ ...event, occurredAt: 'midnight' })).not.toBe(text);
  });
});
