import { expect, test } from 'vitest';
import { createAnswerCheck, type FuzzAnswer } from '../fuzz/check-answer.ts';
import { readDocument, type Operation } from '../fuzz/document.ts';

const document = readDocument();
const faultOf = createAnswerCheck(document);
const operation = document.operations.find(({ operationId }) => operationId === 'createCommunity') as Operation;
const request = { operation, caller: 'owner', method: 'POST', path: '/v1/communities', headers: {}, body: '{}' } as const;
const json = { 'content-type': 'application/json; charset=utf-8' };
const problemJson = { 'content-type': 'application/problem+json' };
const right = JSON.stringify(operation.responses['201']?.content?.['application/json']?.example);
const problem = (status: number, code: string, more: object = {}): string =>
  JSON.stringify({ type: 'about:blank', title: 'x', status, code, detail: 'x', requestId: 'r', ...more });

test.each<[string, FuzzAnswer]>([
  ['success', { status: 201, headers: json, text: right, milliseconds: 5 }],
  ['a refusal', { status: 400, headers: problemJson, text: problem(400, 'INVALID'), milliseconds: 5 }],
  ['overload', { status: 503, headers: problemJson, text: problem(503, 'SERVICE_UNAVAILABLE'), milliseconds: 5 }],
])('an answer as the document says is right: %s', (_what, answer) => {
  expect(faultOf(request, answer)).toBeNull();
});

test.each<[string, FuzzAnswer, RegExp]>([
  [
    'a fault of the server',
    { status: 500, headers: problemJson, text: problem(500, 'INTERNAL'), milliseconds: 5 },
    /^the status 500/,
  ],
  [
    'a database that is away',
    { status: 503, headers: problemJson, text: problem(503, 'SHARED_DB_UNAVAILABLE'), milliseconds: 5 },
    /^the status 503/,
  ],
  [
    'a status that is not declared',
    { status: 418, headers: {}, text: '', milliseconds: 5 },
    /^the status 418, which createCommunity/,
  ],
  [
    'a code that is not declared',
    { status: 422, headers: problemJson, text: problem(422, 'WEAK_PASSWORD'), milliseconds: 5 },
    /^the code WEAK_PASSWORD/,
  ],
  ['a body that lacks a field', { status: 201, headers: json, text: '{}', milliseconds: 5 }, /^a body that does not fit/],
  [
    'a problem with a field too many',
    { status: 400, headers: problemJson, text: problem(400, 'INVALID', { stack: 'x' }), milliseconds: 5 },
    /^a body that does not fit/,
  ],
  [
    'another media type',
    { status: 201, headers: { 'content-type': 'text/html' }, text: right, milliseconds: 5 },
    /^the media type text\/html/,
  ],
  ['an answer that was waited for', { status: 201, headers: json, text: right, milliseconds: 16_000 }, /^it took 16000 ms/],
])('an answer against the document is named: %s', (_what, answer, fault) => {
  expect(faultOf(request, answer)).toMatch(fault);
});
