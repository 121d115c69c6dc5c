import { errorsOf, Problem, type RouteContract } from '@guildhall/contracts';
import { errorCodes, statusOf } from '@guildhall/errors';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../src/app.ts';
import { createComponents } from '../../src/core/openapi/components.ts';
import { routeTable } from '../../src/route-table.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { schema: object }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object; examples?: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly securitySchemes: Record<string, object>;
    readonly examples: Record<string, { readonly value: unknown }>;
  };
}

const document = openApiDocument() as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const operationOf = ({ method, path }: RouteContract): Operation | undefined =>
  document.paths[path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{tile}')]?.[method.toLowerCase()];

test('it is plain JSON that says which OpenAPI and which version of the API it is', () => {
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect([document.openapi, document.info.title, document.info.version]).toEqual(['3.1.0', 'Guildhall', '0.1.0']);
});

test('operation ids are unique, tags are declared, every answer is described', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.length).toBe(new Set(ids).size);
  const tags = new Set(document.tags.map(({ name }) => name));
  for (const { operation } of operations) {
    expect(operation.tags.filter((tag) => !tags.has(tag))).toEqual([]);
    expect(operation.summary).not.toBe('');
    for (const [status, response] of Object.entries(operation.responses)) {
      expect(status).toMatch(/^[2-5]\d\d$/);
      expect(response.description).not.toBe('');
    }
  }
});

test('a path and its operation name the same parameters, each once', () => {
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
    expect(declared.map(({ name }) => name).toSorted()).toEqual(named.toSorted());
    expect(declared.every(({ required }) => required)).toBe(true);
    const all = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name.toLowerCase()}`);
    expect(all.length).toBe(new Set(all).size);
  }
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
  expect(references.length).toBeGreaterThan(100);
  const isDangling = (reference: string): boolean =>
    reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document) === undefined;
  expect(references.filter(isDangling)).toEqual([]);
  const schemes = new Set(operations.flatMap(({ operation }) => operation.security.flatMap((one) => Object.keys(one))));
  expect([...schemes].toSorted()).toEqual(Object.keys(document.components.securitySchemes).toSorted());
});

test.each(routeTable.map((route) => [route.contract.name, route] as const))(
  '%s is there with its answers and every code that it can refuse with',
  (_name, route) => {
    const operation = operationOf(route.contract);
    expect(operation?.operationId).toBe(route.contract.name);
    const responses = operation?.responses ?? {};
    const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
    expect(successes).toEqual(Object.keys(route.contract.responses));
    const documented = Object.entries(responses).flatMap(([status, { content }]) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}).map((code) => `${status} ${code}`),
    );
    const { contract, access, requiresSharedDb } = route;
    const codes = errorsOf(contract, { scope: access.kind, isShared: requiresSharedDb !== null });
    const expected = [...codes].map((code) => `${statusOf(code)} ${code}`);
    expect(documented.toSorted()).toEqual(expected.toSorted());
    expect(operation?.requestBody === undefined).toBe(route.contract.body === undefined);
  },
);

test.each(routeTable.map((route) => [route.contract.name, route] as const))('%s says who needs a token', (_name, route) => {
  const needed = {
    public: [],
    solo: [{ localToken: [] }],
    'solo-and-authenticated': [{ localToken: [], accessToken: [] }],
    metrics: [],
    installer: [{ accessToken: [] }, { setupToken: [] }, { localToken: [] }],
  } as Record<string, unknown>;
  const optional = [{ accessToken: [] }, { localToken: [] }];
  const expected = ['solo-or-authenticated', 'solo-or-permission', 'workspace'].includes(route.access.kind)
    ? optional
    : (needed[route.access.kind] ?? [{ accessToken: [] }]);
  expect(operationOf(route.contract)?.security).toEqual(expected);
});

/** A schema, a media type or a parameter of the document. */
interface Node {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly example?: unknown;
  readonly schema?: Node;
}

/** The nodes within a value. The map of a schema's fields is none: one of them may be called `properties` itself. */
const nodesIn = (value: unknown, isMap = false): readonly Node[] =>
  typeof value === 'object' && value !== null
    ? [
        ...(isMap ? [] : [value]),
        ...Object.entries(value).flatMap(([key, part]) => nodesIn(part, !isMap && key === 'properties')),
      ]
    : [];
const resolved = ({ $ref, ...node }: Node): Node =>
  $ref === undefined ? node : (document.components.schemas[$ref.replace('#/components/schemas/', '')] ?? {});

test('every parameter and every property says what it means', () => {
  const parameters = operations.flatMap(({ operation }) =>
    operation.parameters.map((parameter) => [`${operation.operationId} ${parameter.name}`, parameter as Node] as const),
  );
  const properties = nodesIn(document)
    .flatMap(({ properties: fields = {} }) => Object.entries(fields))
    .map(([name, field]) => [name, resolved(field)] as const);
  expect([parameters.length > 150, properties.length > 150]).toEqual([true, true]);
  const silent = [...parameters, ...properties].filter(([, { description = '' }]) => description === '');
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('every JSON body has a schema with a name of its own and an example', () => {
  const contents = operations.flatMap(({ operation }) =>
    [
      operation.requestBody,
      ...Object.entries(operation.responses).flatMap(([status, answer]) => (status < '300' ? [answer] : [])),
    ].flatMap((part) => {
      const json = part?.content?.['application/json'] as Node | undefined;
      return json === undefined ? [] : [[operation.operationId, json] as const];
    }),
  );
  expect(contents.length).toBeGreaterThan(70);
  expect(contents.filter(([, { schema }]) => schema?.$ref === undefined).map(([id]) => id)).toEqual([]);
  expect(contents.filter(([, { example }]) => example === undefined).map(([id]) => id)).toEqual([]);
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['Community', 'Problem', 'Script', 'ScriptPage', 'Workspace', 'WorkspacePage', 'AuditEvent']),
  );
});

test('nothing pre-fills an Idempotency-Key: two requests with one key are one', () => {
  const keys = operations.flatMap(({ operation }) => operation.parameters.filter(({ name }) => name === 'Idempotency-Key'));
  expect(keys.length).toBeGreaterThan(4);
  expect(keys.filter((key) => 'example' in key || 'example' in key.schema)).toEqual([]);
});

test('two schemas of one name are refused', () => {
  const components = createComponents();
  components.schemaOf({ title: 'Poll', type: 'string' });
  expect(() => components.schemaOf({ title: 'Poll', type: 'integer' })).toThrow('Two different schemas are called Poll.');
});

test('the example of every problem is a problem of its code, with a detail of its own', () => {
  const examples = Object.entries(document.components.examples).map(([code, { value }]) => [code, value] as const);
  // A method that an address does not take is no operation of the document.
  const told = errorCodes.filter((code) => code !== 'METHOD_NOT_ALLOWED');
  expect(examples.map(([code]) => code)).toEqual(told);
  const check = Compile(Problem);
  expect(examples.filter(([code, value]) => !check.Check(value) || value.code !== code)).toEqual([]);
  expect(new Set(examples.map(([, value]) => (value as Problem).detail)).size).toBe(told.length);
});
