import { expect, test } from 'vitest';
import { countJobs } from '../src/folder-definition.ts';
import { readJsonText } from '../src/json-text.ts';

const memberOf = (json: string) => readJsonText(json, 'd', 3).member;
const faultOf = (json: string) => readJsonText(json, 'd', 3).fault?.message;

test('a member’s text is found wherever it stands, and is none of what only looks like it', () => {
  expect(memberOf('{"d":{"a":1}}')).toBe('{"a":1}');
  expect(memberOf(' {\n"a" : "d" , "\\u0064" :\t{ "a" : [1, {"d":2}] } \n, "b":"}" }')).toBe('{ "a" : [1, {"d":2}] }');
  expect(memberOf('{"a":"\\"d\\":{}","b\\\\":"\\\\","d":{"x":"]},\\\\"}}')).toBe('{"x":"]},\\\\"}');
  expect(memberOf('{"a":{"d":1},"b":["d"]}')).toBeUndefined();
  expect(memberOf('{}')).toBeUndefined();
});

test('levels are counted from the member on', () => {
  expect(faultOf('{"d":{"a":{"b":{"c":1}}}}')).toBeUndefined();
  expect(faultOf('{"d":{"a":{"b":[[]]}}}')).toBe('must not be nested deeper than 3');
  expect(faultOf(`{"d":${'[{},'.repeat(3)}1]]]}`)).toBe('must not be nested deeper than 3');
});

test('a name is refused where it comes twice in one object, not in two', () => {
  expect(faultOf('{"d":{"a":{"x":1},"b":{"x":1},"x":["x","x"]}}')).toBeUndefined();
  expect(faultOf('{"d":{"a":1,"\\u0061":2}}')).toBe('names a member twice in one object: a');
  expect(faultOf('{"d":1,"d":2}')).toBe('names a member twice in one object: d');
  expect(faultOf('{"d":{"constructor":1}}')).toBe('must have no member named constructor');
});

test('jobs are what Control-M runs, in the folder and its subfolders', () => {
  const job = { Type: 'Job' };
  expect(countJobs({ Type: 'Folder', A: job, B: { Type: 'Job:FileTransfer' }, Note: 'Job', List: [job] })).toBe(2);
  expect(
    countJobs({ Sub: { Type: 'SubFolder', A: job, Sub: { Type: 'SubFolder', B: job } }, Flow: { Type: 'Flow', A: job } }),
  ).toBe(2);
  expect(countJobs({ A: { Type: 'JobX' }, B: { Type: 'Jobs:Command' }, C: { Type: 7 } })).toBe(0);
});
