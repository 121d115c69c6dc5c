import { expect, test } from 'vitest';
import { originFormOf } from '../src/index.ts';

test.each([
  ['/v1/x?y=1', '/v1/x?y=1'],
  ['http://a.example/v1/x?y=1', '/v1/x?y=1'],
  ['HTTP://a.example:81/v1/x', '/v1/x'],
  ['hTTps://a.example/v1/x', '/v1/x'],
  ['http://a.example?/internal/x', '/?/internal/x'],
  ['http://a.example', '/'],
  ['http://a.example/x?u=http://b/c', '/x?u=http://b/c'],
  // No host, a fragment, another scheme: the router finds nothing there.
  ['http:///v1/x', 'http:///v1/x'],
  ['http://a.example/v1#/x', 'http://a.example/v1#/x'],
  ['ftp://a.example/v1/x', 'ftp://a.example/v1/x'],
  ['*', '/*'],
  ['//a.example/v1', '//a.example/v1'],
])('the target %s is read as %s', (target, expected) => {
  expect(originFormOf(target)).toBe(expected);
});
