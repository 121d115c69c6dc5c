import { route } from '@guildhall/contracts';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { createOperation, type OperationRequest } from '../src/index.ts';

const closed = { additionalProperties: false } as const;
const contract = route({
  name: 'paintDoor',
  method: 'POST',
  path: '/v1/doors/:number',
  summary: 'Paint a door.',
  params: Type.Object({ number: Type.Integer({ minimum: 1 }) }, closed),
  query: Type.Object({ coats: Type.Integer({ default: 2 }), isDry: Type.Optional(Type.Boolean()) }, closed),
  body: Type.Object(
    {
      colour: Type.Union([Type.Literal('red'), Type.Literal('green'), Type.Null()]),
      note: Type.Union([Type.String({ maxLength: 3 }), Type.Null()]),
    },
    closed,
  ),
  responses: { 201: Type.Object({ seen: Type.Unknown() }, closed) },
  isVersioned: true,
  takesLastEventId: true,
});

const operation = createOperation(contract, { kind: 'public' }, async (call) => ({ body: { seen: call } }));

const request = {
  params: { number: '7' },
  query: { isDry: 'false' },
  body: { colour: 'red', note: null },
  caller: { userId: 'ada' } as never,
  requestId: 'r1',
  callingService: null,
  ifMatch: '"3"',
  idempotencyKey: 'not taken here',
  lastEventId: '41',
  cookie: '__Host-guildhall-session=not taken here',
  fetchSite: 'same-origin',
} satisfies OperationRequest<never>;

test('an operation is performed without an HTTP request: its handler sees typed values', async () => {
  expect(await operation.perform(request)).toEqual({
    status: 201,
    body: {
      seen: {
        params: { number: 7 },
        query: { coats: 2, isDry: false },
        body: { colour: 'red', note: null },
        caller: { userId: 'ada' },
        requestId: 'r1',
        callingService: null,
        ifMatch: [3],
        idempotencyKey: undefined,
        lastEventId: '41',
        sessionCookie: { value: null, isSameOrigin: false },
      },
    },
  });
});

test('a fault of an alternative names the values, or the type that is not null', async () => {
  const refused = operation.perform({ ...request, body: { colour: 'blue', note: 'long' } });
  await expect(refused).rejects.toMatchObject({
    code: 'INVALID',
    errors: [
      { path: '/colour', message: 'must be one of "red", "green"' },
      { path: '/note', message: 'must have at most 3 characters' },
    ],
  });
});
