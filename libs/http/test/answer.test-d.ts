/** Types that tsc holds: a handler whose answer does not fit its contract does not compile, and a call has nothing of HTTP. */
import { route } from '@guildhall/contracts';
import { Type } from 'typebox';
import { expectTypeOf } from 'vitest';
import type { Answer, Call, Handler } from '../src/index.ts';

const common = { method: 'GET', summary: 'Planted.' } as const;
const poll = Type.Object({ title: Type.String(), votes: Type.Array(Type.Integer()), state: Type.Literal('open') });
const getPoll = route({ ...common, name: 'getPoll', path: '/v1/poll', responses: { 200: poll } });
const getVersion = route({ ...common, name: 'getVersion', path: '/v1/version', responses: { 200: poll }, answersVersion: true });
const removePoll = route({ ...common, name: 'removePoll', path: '/v1/removed', responses: { 204: null } });
const exportPolls = route({
  ...common,
  name: 'exportPolls',
  path: '/v1/csv',
  responses: { 200: Type.String() },
  media: ['text/csv'],
});

interface Poll {
  readonly title: string;
  readonly votes: readonly number[];
  readonly state: 'open';
}
type Answering<T> = () => Promise<T>;

// Answers that fit.
expectTypeOf<Answering<{ body: Poll }>>().toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Poll; status: 200; headers: { age: string } }>>().toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ jsonText: string }>>().toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Poll; version: number }>>().toExtend<Handler<typeof getVersion>>();
expectTypeOf<Answering<{ jsonText: string; version: number }>>().toExtend<Handler<typeof getVersion>>();
expectTypeOf<Answering<object>>().toExtend<Handler<typeof removePoll>>();
expectTypeOf<Answering<{ body: string }>>().toExtend<Handler<typeof exportPolls>>();
expectTypeOf<Answering<{ body: Uint8Array }>>().toExtend<Handler<typeof exportPolls>>();
expectTypeOf<Answering<{ body: ReadableStream<string> }>>().toExtend<Handler<typeof exportPolls>>();

// No body, the body of another operation, a field of another type, a status or version that the contract does not name.
expectTypeOf<Answering<object>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: { title: string } }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Omit<Poll, 'state'> & { state: string } }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: string }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: ReadableStream<string> }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Poll; status: 201 }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Poll; version: number }>>().not.toExtend<Handler<typeof getPoll>>();
expectTypeOf<Answering<{ body: Poll }>>().not.toExtend<Handler<typeof getVersion>>();
expectTypeOf<Answering<{ body: Poll }>>().not.toExtend<Handler<typeof removePoll>>();
expectTypeOf<Answering<{ jsonText: string }>>().not.toExtend<Handler<typeof removePoll>>();
expectTypeOf<Answering<{ jsonText: string }>>().not.toExtend<Handler<typeof exportPolls>>();
expectTypeOf<Answering<{ body: Poll }>>().not.toExtend<Handler<typeof exportPolls>>();

// What a handler answers is never changed: its body is readonly all the way down.
expectTypeOf<Extract<Answer<typeof getPoll>, { body: Poll }>['body']>().toEqualTypeOf<Poll>();

// A call is path, query, body, who asks, and what contracts state: a field of a transport would be one more key here.
expectTypeOf<keyof Call>().toEqualTypeOf<
  | 'params'
  | 'query'
  | 'body'
  | 'caller'
  | 'requestId'
  | 'callingService'
  | 'ifMatch'
  | 'idempotencyKey'
  | 'lastEventId'
  | 'sessionCookie'
>();
