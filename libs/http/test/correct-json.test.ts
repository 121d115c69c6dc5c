import { expect, test } from 'vitest';
import { requireCorrectJson } from '../src/correct-json.ts';

/** Node 26.10.0, as far as the check sees it. */
const misreading = (text: string): unknown => (text.includes(String.raw`\"`) ? { a: 2, 'a\\': 1 } : JSON.parse(text));

test('an engine that reads JSON keys correctly is accepted', () => {
  expect(() => requireCorrectJson()).not.toThrow();
});

test('an engine that takes one key for another is refused with the version that is needed', () => {
  expect(() => requireCorrectJson(misreading)).toThrow(
    `Node ${process.versions.node} misreads keys in JSON (nodejs/node#63785). Use Node 26.12.1 or later.`,
  );
});
