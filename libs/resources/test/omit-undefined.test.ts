import { expect, it } from 'vitest';
import { omitUndefined } from '../src/index.ts';

it('copies an object without the properties that are undefined, and keeps null, 0 and empty texts', () => {
  const properties = { id: 'a', name: undefined, count: 0, note: null, text: '' };
  expect(Object.keys(omitUndefined(properties))).toEqual(['id', 'count', 'note', 'text']);
  expect(properties).toHaveProperty('name');
});
