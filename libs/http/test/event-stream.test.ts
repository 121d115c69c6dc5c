import { expect, test } from 'vitest';
import { formatEvent, formatHeartbeat } from '../src/event-stream.ts';

test('an event has its fields one a line, its data as one line of JSON, and ends with an empty line', () => {
  expect(formatEvent({ id: 7, event: 'run', data: { text: 'two\nlines' } })).toBe(
    'id: 7\nevent: run\ndata: {"text":"two\\nlines"}\n\n',
  );
});

test('fields that are not given are not sent', () => {
  expect(formatEvent({ retry: 1_000, id: undefined })).toBe('retry: 1000\n\n');
  expect(formatEvent({ data: null })).toBe('data: null\n\n');
});

test('a heartbeat is a comment, with the id of the last event if there is one', () => {
  expect([formatHeartbeat(), formatHeartbeat(0)]).toEqual([': still here\n\n', ': still here\nid: 0\n\n']);
});
