import { randomUUID } from 'node:crypto';
import type { Random } from '../chaos/random.ts';
import type { ApiDocument, Operation, Parameter } from './document.ts';
import type { KnownResources } from './known-resources.ts';
import { brokenValues, valueOf, type ValueParts } from './values.ts';

export type CallerName = 'owner' | 'member' | 'local' | 'nobody' | 'forger';

export interface FuzzRequest {
  readonly operation: Operation;
  readonly caller: CallerName;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

export interface RequestParts {
  readonly random: Random;
  readonly document: ApiDocument;
  readonly known: KnownResources;
}

/** The operations that are looked at for one that leads to something known. */
const triesMax = 4;
const callers = ['owner', 'owner', 'owner', 'owner', 'owner', 'member', 'member', 'local', 'nobody', 'forger'] as const;

/** Texts that a path segment or a query may hold after percent-encoding, and those that are sent as they are. */
const brokenSegments = [
  '%00',
  '%ff',
  '%2e%2e',
  '..%2f..',
  '%',
  '%zz',
  'a%20b',
  '%E0%A4%A',
  "'",
  '1e1',
  '-1',
  'x'.repeat(300),
] as const;
const brokenQueries = [
  'colour=red',
  'limit=1e400',
  'limit=0x10',
  'limit=+1',
  'limit=%00',
  'cursor=x',
  '=',
  '&&',
  'q=%ff',
  'limit=1&limit=2',
  'a[b]=c',
] as const;
const brokenHeaders: readonly (readonly [string, string])[] = [
  ['if-match', '"1"'],
  ['if-match', 'W/"1"'],
  ['if-match', '*'],
  ['if-match', '1'],
  ['if-match', '"9007199254740993"'],
  ['if-match', ','],
  ['if-none-match', '"1", "2"'],
  ['idempotency-key', ''],
  ['idempotency-key', 'k'.repeat(129)],
  ['idempotency-key', 'same-key-for-all'],
  ['last-event-id', '-1'],
  ['last-event-id', 'x'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/json; charset=iso-8859-1'],
  ['content-type', 'multipart/form-data'],
  ['accept', 'image/png'],
  ['accept-encoding', 'gzip;q=0, *;q=0'],
  ['x-request-id', 'x'.repeat(500)],
  ['range', 'bytes=0-1'],
  ['origin', 'https://evil.example'],
];

const notUtf8 = new Uint8Array([0x7b, 0x22, 0x6e, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d]);
const brokenBodies: readonly [string | Uint8Array<ArrayBuffer>, ...(string | Uint8Array<ArrayBuffer>)[]] = [
  '',
  'null',
  '[]',
  '"text"',
  '{',
  '{"a":1}x',
  '\ufeff{}',
  '{"__proto__":{"a":1}}',
  '{"name":1e400}',
  '{"name":"\\ud800"}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  notUtf8,
];

/** Makes the next request: any operation, half of them valid as far as the document tells, half with one fault. */
export const createRequests = ({ random, document, known }: RequestParts) => {
  const values: ValueParts = { random, resolve: document.resolve, knownId: () => known.anyId(random) ?? randomUUID() };
  const segmentOf = ({ schema }: Parameter): string => encodeURIComponent(String(valueOf(values, schema)));

  const pathOf = (operation: Operation): string => {
    const found = random.below(10) === 0 ? {} : known.paramsFor(operation.template, random);
    return operation.template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const parameter = operation.parameters.find((each) => each.in === 'path' && each.name === name);
      return found[name] ?? (parameter === undefined ? 'x' : segmentOf(parameter));
    });
  };
  const queryOf = (operation: Operation): readonly string[] =>
    operation.parameters
      .filter((each) => each.in === 'query' && each.name !== 'cursor' && (each.required || random.below(3) === 0))
      .map(({ name, schema }) => `${name}=${encodeURIComponent(String(valueOf(values, schema)))}`);
  const headersOf = (operation: Operation, path: string): Record<string, string> => {
    const takes = (name: string): boolean => operation.parameters.some((each) => each.in === 'header' && each.name === name);
    return {
      ...(takes('If-Match') ? { 'if-match': known.tagOf(path) ?? '"1"' } : {}),
      ...(takes('Idempotency-Key') && random.below(2) === 0 ? { 'idempotency-key': randomKey(random) } : {}),
      ...(operation.requestBody === undefined ? {} : { 'content-type': 'application/json' }),
    };
  };
  const bodyOf = ({ requestBody }: Operation): unknown => {
    const media = requestBody?.content['application/json'];
    if (media === undefined) return undefined;
    return media.example !== undefined && random.below(3) === 0 ? media.example : valueOf(values, media.schema ?? {});
  };
  /** Any operation; most often one whose path leads to something that is known. */
  const reachable = (): Operation => {
    const tries = Array.from({ length: triesMax }, () => random.pick(document.operations as readonly [Operation]));
    const isKnown = ({ template }: Operation): boolean => {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
      const found = known.paramsFor(template, random);
      return names.every((name) => name in found);
    };
    return tries.find(isKnown) ?? random.pick(document.operations as readonly [Operation]);
  };
  return (): FuzzRequest => {
    const operation = reachable();
    const path = pathOf(operation);
    const query = queryOf(operation);
    const body = bodyOf(operation);
    const valid: FuzzRequest = {
      operation,
      caller: random.pick(callers),
      method: operation.method,
      path: query.length === 0 ? path : `${path}?${query.join('&')}`,
      headers: headersOf(operation, path),
      body: body === undefined ? undefined : staysHere(JSON.stringify(body)),
    };
    return random.below(2) === 0 ? valid : broken(random, valid, body);
  };
};

/** The addresses of servers in a body lead to a closed port of this machine: nothing of a run leaves it. */
const staysHere = (json: string): string =>
  json.replaceAll(/\b(postgres(?:ql)?|rediss?):\/\/[^"]*/g, '$1://user:secret@127.0.0.1:1/fuzz');

const randomKey = (random: Random): string => `key-${random.below(1_000_000)}`;

/** A request with one fault, of any part. */
const broken = (random: Random, valid: FuzzRequest, body: unknown): FuzzRequest => {
  const kind = random.below(body === undefined ? 3 : 6);
  if (kind === 0) {
    const segments = valid.path.split('/');
    segments[2 + random.below(Math.max(1, segments.length - 2))] = random.pick(brokenSegments);
    return { ...valid, path: segments.join('/') };
  }
  if (kind === 1) return { ...valid, path: `${valid.path}${valid.path.includes('?') ? '&' : '?'}${random.pick(brokenQueries)}` };
  if (kind === 2) {
    const [name, value] = random.pick(brokenHeaders as readonly [readonly [string, string]]);
    return { ...valid, headers: { ...valid.headers, [name]: value } };
  }
  if (kind === 3) return { ...valid, body: random.pick(brokenBodies) };
  return { ...valid, body: staysHere(JSON.stringify(withFault(random, body))) };
};

/** The value with one of its parts taken away, replaced or added, somewhere in it. */
const withFault = (random: Random, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || random.below(6) === 0) return random.pick(brokenValues);
  if (Array.isArray(value))
    return value.length === 0
      ? [random.pick(brokenValues)]
      : value.map((each, at) => (at === 0 ? withFault(random, each) : (each as unknown)));
  const names = Object.keys(value);
  const name = names[random.below(names.length)];
  if (name === undefined || random.below(4) === 0) return { ...value, colour: 'red' };
  if (random.below(4) === 0) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
  return { ...value, [name]: withFault(random, (value as Record<string, unknown>)[name]) };
};
