import { expect, test } from 'vitest';
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

test('an event without canonical JSON has a text all the same', () => {
  const deep = JSON.parse(`${'['.repeat(canonicalDepthMax + 1)}${']'.repeat(canonicalDepthMax + 1)}`) as unknown;
  expect(eventTextOf({ ...event, payload: { changes: deep } })).toBe('no canonical JSON');
  expect(eventTextOf({ ...event, payload: { name: '\ud800' } })).toBe('no canonical JSON');
});
