import { expect, test } from 'vitest';
import { jsonWriterOf } from '../src/json-writer.ts';

test('writes what the schema names, and nothing else', () => {
  const write = jsonWriterOf({ type: 'object', properties: { id: { type: 'string' } } });
  expect([write({ id: 'a', secret: 'b' }), write({ id: 'c' })]).toEqual(['{"id":"a"}', '{"id":"c"}']);
});

test('compiles a schema with the first value: a start does not wait for it', () => {
  const write = jsonWriterOf({ $ref: '#/nowhere' });
  expect(() => write({})).toThrow(/nowhere/);
});
