import { describe, expect, test } from 'vitest';
import { memberText } from '../src/control-m/member-text.ts';

describe('the text of a member of a JSON object', () => {
  test.each([
    ['{"a": 1.50}', 'a', '1.50'],
    ['{"b":{"definition":1},"definition": {"2": 1, "1": [1e3, "}"]} , "c": 2}', 'definition', '{"2": 1, "1": [1e3, "}"]}'],
    ['{"x":"\\"definition\\": 1, {","definition":"a\\\\"}', 'definition', '"a\\\\"'],
    ['\n{ "d\\u0065finition" : [ {} ] }', 'definition', '[ {} ]'],
  ])('%s', (json, member, text) => {
    expect(memberText(json, member)).toBe(text);
  });

  test.each(['{}', '{"b": 1}', '[]', ''])('is not in %s', (json) => {
    expect(() => memberText(json, 'definition')).toThrow('There is no member definition.');
  });
});
