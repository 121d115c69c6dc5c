import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer, createMetrics, listen } from '../src/index.ts';
import { buildNotesApp, memoryLog, type NotesApp } from './fixtures/notes-app.ts';
import { sendRaw } from './fixtures/send-raw.ts';

let notes: NotesApp;
let url: string;
beforeAll(async () => {
  notes = buildNotesApp();
  url = await listen(notes.app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => notes.app.close());

const requestId = 'test-request';
const json = { 'content-type': 'application/json', 'x-request-id': requestId };
const noteId = '3f0c8a52-9d52-4d6b-8d0f-2f6c1f0b7a11';

interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}
const ask = async (method: string, path: string, init: RequestInit = {}): Promise<Seen> => {
  const answer = await fetch(`${url}${path}`, { method, headers: { 'x-request-id': requestId }, ...init });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), body: text === '' ? null : JSON.parse(text) };
};
const post = (body: string): Promise<Seen> => ask('POST', '/v1/notes', { headers: json, body });

const problem = (status: number, code: string, title: string, detail: string, errors?: unknown): Seen => ({
  status,
  type: 'application/problem+json; charset=utf-8',
  body: { type: 'about:blank', title, status, code, detail, requestId, ...(errors === undefined ? {} : { errors }) },
});
const invalid = (detail: string, path?: string, message?: string): Seen =>
  problem(400, 'INVALID', 'The request is not valid', detail, path === undefined ? undefined : [{ path, message }]);
const badBody = (path: string, message: string): Seen => invalid('The body does not fit this operation.', path, message);
const badQuery = (path: string, message: string): Seen => invalid('The query does not fit this operation.', path, message);
const nothingHere = problem(404, 'NOT_FOUND', 'Not found', 'There is nothing at this address.');

describe('a body is refused with 400 when', () => {
  it.each<[string, string, string, string]>([
    ['it has an unknown field', '{"text":"a","color":"red"}', '/color', 'is not known here'],
    [
      'it has an unknown field further down',
      '{"text":"a","tags":[{"name":"b","x~/y":1}]}',
      '/tags/0/x~0~1y',
      'is not known here',
    ],
    ['it lacks a field', '{}', '/text', "must have required property 'text'"],
    ['a number stands where a text belongs: it is not turned into one', '{"text":1}', '/text', 'must be string'],
    ['a text stands where a number belongs: it is not turned into one', '{"text":"a","count":"1"}', '/count', 'must be integer'],
    ['null stands where a text belongs', '{"text":null}', '/text', 'must be string'],
    ['it is a list', '[]', '', 'must be object'],
    ['it is a text', '"a"', '', 'must be object'],
    ['it is empty', '', '', 'is empty; send a JSON object'],
    ['a text is too long', `{"text":"${'a'.repeat(21)}"}`, '/text', 'must have at most 20 characters'],
  ])('%s', async (_name, body, path, message) => {
    expect(await post(body)).toEqual(badBody(path, message));
  });

  it.each<[string, string, string]>([
    ['it is not JSON', '{"text":', 'The body is not valid JSON.'],
    ['it has a __proto__ key', '{"text":"a","__proto__":{"isAdmin":true}}', 'The body is not valid JSON.'],
    ['it has a constructor.prototype key', '{"text":"a","constructor":{"prototype":{"a":1}}}', 'The body is not valid JSON.'],
  ])('%s', async (_name, body, detail) => {
    expect(await post(body)).toEqual(invalid(detail));
  });
});

describe('every fault is told at once', () => {
  it('in all parts of a request, each with its part', async () => {
    const seen = await ask('PATCH', '/v1/notes/1?page=2', { headers: json, body: '{"colour":"red"}' });
    expect(seen).toEqual(
      problem(400, 'INVALID', 'The request is not valid', 'The path and the query and the body do not fit this operation.', [
        { path: '/noteId', message: 'in the path: must be a UUID' },
        { path: '/page', message: 'in the query: is not known here' },
        { path: '/text', message: "in the body: must have required property 'text'" },
        { path: '/colour', message: 'in the body: is not known here' },
      ]),
    );
  });

  it('up to a hundred of them', async () => {
    const { body } = await post(`{${Array.from({ length: 110 }, (_, index) => `"f${index}":1`).join(',')}}`);
    expect((body as { errors: unknown[] }).errors).toHaveLength(100);
  });
});

const unstorable = (part: string): string => `The ${part} holds text that is not valid Unicode.`;

describe('text that no database keeps is refused, and its place is named, when', () => {
  const message = 'holds a NUL or half of a surrogate pair';

  it.each([
    ['it is a NUL', '{"text":"a\\u0000b"}', '/text'],
    ['it is half of a surrogate pair', '{"text":"\\ud83e"}', '/text'],
    ['it stands further down', '{"text":"owl \\ud83e\\udd89","tags":[{"name":"a"},{"name":"\\udd89"}]}', '/tags/1/name'],
  ])('%s', async (_name, body, path) => {
    expect(await post(body)).toEqual(invalid(unstorable('body'), path, message));
  });

  it('the path holds it', async () => {
    expect(await ask('GET', '/v1/readers/a%00b')).toEqual(invalid(unstorable('path'), '/readerId', message));
  });

  it('the query holds it', async () => {
    expect(await ask('GET', '/v1/readers/a?name=%00')).toEqual(invalid(unstorable('query'), '/name', message));
  });
});

describe('a request is refused when', () => {
  it('its body is larger than the route takes: 413', async () => {
    expect(await post(JSON.stringify({ text: 'a'.repeat(2_000) }))).toEqual(
      problem(413, 'TOO_LARGE', 'Too large', 'The body is larger than this operation takes.'),
    );
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])('its body is %s: 415', async (type) => {
    const seen = await ask('POST', '/v1/notes', { headers: { ...json, 'content-type': type }, body: 'text=a' });
    expect(seen).toEqual(
      problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'Media type not supported', 'Send the body as application/json.'),
    );
  });

  it.each<[string, string, string, string]>([
    ['its query has an unknown field', '?page=1', '/page', 'is not known here'],
    ['its query’s number is none', '?limit=many', '/limit', 'must be integer'],
    ['its query’s number is too large', '?limit=101', '/limit', 'must be <= 100'],
    ['its query’s number is empty', '?limit=', '/limit', 'must be integer'],
    ['its query’s number comes twice', '?limit=1&limit=2', '/limit', 'must be integer'],
  ])('%s', async (_name, query, path, message) => {
    expect(await ask('GET', `/v1/notes${query}`)).toEqual(badQuery(path, message));
  });

  it('an operation that takes no query is given one', async () => {
    expect(await ask('GET', '/v1/fails?verbose=1')).toEqual(badQuery('/verbose', 'is not known here'));
  });

  it('its path does not have the form that it should', async () => {
    const seen = await ask('PATCH', '/v1/notes/1', { headers: { ...json, 'if-match': '"7"' }, body: '{"text":"a"}' });
    expect(seen).toEqual(invalid('The path does not fit this operation.', '/noteId', 'must be a UUID'));
  });

  it('an id in it is a URN: no database reads it as a UUID', async () => {
    const init = { headers: { ...json, 'if-match': '"7"' }, body: '{"text":"a"}' };
    const seen = await ask('PATCH', `/v1/notes/urn:uuid:${noteId}`, init);
    expect(seen).toEqual(invalid('The path does not fit this operation.', '/noteId', 'must be a UUID'));
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s asks for an address that is not there: 404',
    async (method) => {
      expect(await ask(method, '/v1/elsewhere')).toEqual(nothingHere);
    },
  );

  it.each(['DELETE', 'PUT', 'OPTIONS', 'PROPFIND', 'QUERY'])(
    '%s is a method that the address does not have: 405, with those that it has',
    async (method) => {
      const answer = await fetch(`${url}/v1/notes`, { method, headers: { 'x-request-id': requestId } });
      expect([answer.status, answer.headers.get('allow'), await answer.json()]).toEqual([
        405,
        'GET, HEAD, POST',
        problem(405, 'METHOD_NOT_ALLOWED', 'Method not allowed', 'This address takes GET, HEAD, POST.').body,
      ]);
    },
  );

  it('a body that nobody takes is not read', async () => {
    expect((await ask('PUT', '/v1/notes', { body: 'not JSON', headers: json })).status).toBe(405);
    expect((await ask('PUT', '/v1/elsewhere', { body: 'not JSON', headers: json })).status).toBe(404);
  });

  it('its URL is not validly encoded: 400', async () => {
    const answer = await sendRaw(
      url,
      `GET /v1/notes/%zz HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual(invalid('The URL is not validly encoded.').body);
  });

  it('a part of its path is longer than any id: 404', async () => {
    const seen = await ask('PATCH', `/v1/notes/${'a'.repeat(400)}`, { headers: json, body: '{"text":"a"}' });
    expect(seen).toEqual(invalid('A part of the path is too long.'));
  });
});

const patch = (ifMatch?: string): Promise<Seen> =>
  ask('PATCH', `/v1/notes/${noteId}`, {
    headers: { ...json, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
    body: '{"text":"a"}',
  });

describe('If-Match', () => {
  it('is required: 428', async () => {
    expect(await patch()).toEqual(
      problem(428, 'VERSION_REQUIRED', 'If-Match is required', 'Send If-Match with the ETag of the version you saw.'),
    );
  });

  it.each(['7', 'seven', '', '"7', 'w/"7"', '"6" "7"', '"7 "', '"7",'])('%s is no list of entity tags: 400', async (tag) => {
    expect(await patch(tag)).toEqual(invalid('If-Match must be the ETag of the version you saw, such as "3".'));
  });

  it.each(['"6"', '"0"', '"-7"', '"07"', '"seven"', 'W/"6"', '"6-gzip"', '"6", "8"', '"99999999999999999999"'])(
    '%s does not match: 412',
    async (tag) => {
      expect(await patch(tag)).toEqual(
        problem(
          412,
          'VERSION_MISMATCH',
          'Changed by someone else',
          'The current version is 7. Read it again and repeat your change on it.',
        ),
      );
    },
  );

  it.each(['"7"', '*', '"6", "7"', ' "7" ', 'W/"7"', '"7-gzip"', '"7;br"'])(
    '%s matches, also as a proxy that compresses answers writes it',
    async (tag) => {
      expect((await patch(tag)).status).toBe(200);
    },
  );

  it('of the version that is there is let through, and the new version is the ETag', async () => {
    const answer = await fetch(`${url}/v1/notes/${noteId}`, {
      method: 'PATCH',
      headers: { ...json, 'if-match': '"7"' },
      body: '{"text":"b"}',
    });
    expect([answer.status, answer.headers.get('etag'), await answer.json()]).toEqual([200, '"8"', { text: 'b' }]);
  });
});

const create = (key: string): Promise<Seen> =>
  ask('POST', '/v1/notes', { headers: { ...json, 'idempotency-key': key }, body: '{"text":"a"}' });

describe('Idempotency-Key', () => {
  const type = 'application/json; charset=utf-8';

  it('reaches the operation', async () => {
    expect(await create('k-1')).toEqual({ status: 201, type, body: { text: 'a', key: 'k-1' } });
    expect(await create('!'.repeat(128))).toMatchObject({ status: 201 });
  });
  it('may be left out', async () => {
    expect(await post('{"text":"a"}')).toEqual({ status: 201, type, body: { text: 'a', key: null } });
  });
  it.each(['', 'two words', 'ümlaut', 'a'.repeat(129)])('"%s" is refused: 400', async (key) => {
    expect(await create(key)).toEqual(invalid('Idempotency-Key must be 1 to 128 visible ASCII characters.'));
  });
});

describe('a fault in the program', () => {
  it('tells the caller nothing and the log everything, under the same request id', async () => {
    expect(await ask('GET', '/v1/fails')).toEqual(
      problem(500, 'INTERNAL', 'Something went wrong here', 'An unexpected fault; it is logged under this request id.'),
    );
    const line = notes.lines().find(({ msg, requestId: id }) => msg === 'request failed' && id === requestId);
    expect(line).toMatchObject({
      level: 50,
      service: 'notes',
      err: { message: 'connection to postgres://owner:[secret]@db/guildhall refused' },
    });
    expect(JSON.stringify(notes.lines())).not.toContain('hunter2');
  });

  it('says when to come again where that is known', async () => {
    const answer = await fetch(`${url}/v1/busy`, { headers: { 'x-request-id': requestId } });
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      503,
      '3',
      problem(503, 'SERVICE_UNAVAILABLE', 'A service is unavailable', 'Try again shortly.').body,
    ]);
  });
});

const codeOf = (answer: Response): string | null => answer.headers.get('x-guildhall-code');

describe('for who passes an answer on without reading it', () => {
  it('a service tells the code of a refusal in a header, and of nothing else', async () => {
    const answers = [await fetch(`${url}/v1/busy`), await fetch(`${url}/v1/nowhere`), await fetch(`${url}/v1/notes?limit=1`)];
    expect(answers.map(codeOf)).toEqual(['SERVICE_UNAVAILABLE', 'NOT_FOUND', null]);
  });

  it('a process that is reached from outside does not', async () => {
    const { log } = memoryLog();
    const door = createHttpServer({ log, metrics: createMetrics('door'), readiness: () => ({ isReady: true }) });
    const answer = await fetch(`${await listen(door, { host: '127.0.0.1', port: 0 })}/v1/nowhere`);
    expect([answer.status, codeOf(answer)]).toEqual([404, null]);
    await door.close();
  });
});

describe('what the framework or a plugin throws with a 4xx of its own', () => {
  it.each([
    [403, 403, 'FORBIDDEN'],
    [404, 404, 'NOT_FOUND'],
    [406, 400, 'INVALID'],
    [410, 410, 'GONE'],
    [415, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [417, 400, 'INVALID'],
    [499, 400, 'INVALID'],
  ])('%i is the mistake of the caller: %i %s, and no line of a fault', async (statusCode, status, code) => {
    const { log, lines } = memoryLog();
    const app = createHttpServer({ log, metrics: createMetrics('planted'), readiness: () => ({ isReady: true }) });
    const config = { access: { kind: 'public' } } as const;
    app.get('/thrown', { config }, () => Promise.reject(Object.assign(new Error('a detail of the inside'), { statusCode })));
    const answer = await app.inject('/thrown');
    await app.close();
    expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining({ status, code })]);
    expect(answer.body).not.toContain('inside');
    expect(lines().filter(({ level }) => Number(level) > 30)).toEqual([]);
  });
});
