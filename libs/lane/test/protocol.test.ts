import { expect, test } from 'vitest';
import { createBatch } from '../src/batch.ts';
import {
  goodbye,
  messageCharactersTarget,
  ProtocolFault,
  readCallerMessage,
  readServiceMessage,
  writeAnswer,
  writeCall,
  writeCancel,
  writeHello,
  writeRefusal,
} from '../src/protocol.ts';
import { callOf } from './support/calls.ts';

const answer = { status: 200, headers: { etag: '"3"' }, text: '{"a":"\\u0000\\"ü"}' };

test('calls and cancellations are read as they were written, in their order', () => {
  const [full, bare] = [callOf('readNote', { body: '{"a":"ü\\u0000"}', headers: { 'if-match': '"1"' } }), callOf('listNotes')];
  const message = `[${[writeCall(1, full), writeCancel(1), writeCall(2, bare)].join(',')}]`;
  expect(readCallerMessage(message)).toEqual([[1, full], [1], [2, bare]]);
});

test('a hello, a goodbye, answers and refusals are read as they were written', () => {
  const hello = { operations: ['readNote'], callsMax: 3 };
  expect(readServiceMessage(writeHello(hello))).toEqual({ kind: 'hello', hello });
  expect(readServiceMessage(goodbye)).toEqual({ kind: 'goodbye' });
  const empty = { status: 204, headers: {}, text: null };
  const items = [writeAnswer(1, answer), writeRefusal(2, 'full'), writeAnswer(3, empty)];
  expect(readServiceMessage(`[${items.join(',')}]`)).toEqual({
    kind: 'answers',
    answers: [
      [1, answer],
      [2, 'full'],
      [3, empty],
    ],
  });
});

const half = `[${writeCall(1, callOf('readNote'))}]`.slice(0, -9);

test.each([
  ['half a message', half],
  ['nothing', ''],
  ['an object', '{}'],
  ['a list of texts', '["a"]'],
  ['an id that is no number', '[["1"]]'],
  ['a negative id', '[[-1]]'],
  ['a call without its last fields', '[[1,"readNote","r",{},{},null]]'],
  ['a call with a field too many', '[[1,"readNote","r",{},{},null,{},{},1]]'],
  ['a call whose parameters are a list', '[[1,"readNote","r",[],{},null,{},{}]]'],
  ['a call whose body is an object', '[[1,"readNote","r",{},{},{},{},{}]]'],
  ['a call whose header is a list', '[[1,"readNote","r",{},{},null,{},{"a":["b"]}]]'],
])('%s is no message of a gateway', (_what, text) => {
  expect(() => readCallerMessage(text)).toThrow(ProtocolFault);
});

test.each([
  ['half a message', `[${writeAnswer(1, answer)}]`.slice(0, -5)],
  ['a text', '"hello"'],
  ['a hello without a number of calls', '{"hello":{"operations":[]}}'],
  ['a hello whose operations are no texts', '{"hello":{"operations":[1],"callsMax":1}}'],
  ['another object', '{"good":true}'],
  ['an answer without an id', '[[null,200,{},null]]'],
  ['a status below 200', '[[1,101,{},null]]'],
  ['a status that is a text of no reason', '[[1,"late"]]'],
  ['an answer whose text is an object', '[[1,200,{},{}]]'],
  ['an answer whose header is a number', '[[1,200,{"content-length":1},null]]'],
])('%s is no message of a service', (_what, text) => {
  expect(() => readServiceMessage(text)).toThrow(ProtocolFault);
});

test('the items of one turn of the event loop are one message', async () => {
  const sent: string[] = [];
  const batch = createBatch((message) => sent.push(message));
  batch.add('[1]');
  batch.add('[2]');
  expect([sent, batch.isGathering()]).toEqual([[], true]);
  await new Promise((resolve) => void setImmediate(resolve));
  batch.add('[3]');
  batch.flush();
  batch.flush();
  await new Promise((resolve) => void setImmediate(resolve));
  expect([sent, batch.isGathering()]).toEqual([['[[1],[2]]', '[[3]]'], false]);
});

test('a message that has become long does not wait for the end of the turn', () => {
  const sent: string[] = [];
  const batch = createBatch((message) => sent.push(message));
  const item = JSON.stringify('a'.repeat(messageCharactersTarget / 2));
  for (let count = 0; count < 4; count += 1) batch.add(item);
  expect(sent).toEqual([`[${item},${item}]`, `[${item},${item}]`]);
});
