import { errorsOf, Problem, type RouteContract } from '@guildhall/contracts';
import { statusOf, titleOf, type ErrorCode } from '@guildhall/errors';
import type { AccessRule } from './admission/access-rule.ts';

export interface DocumentedRoute {
  readonly contract: RouteContract;
  readonly access: AccessRule;
  /** Whether a service behind the shared database answers it. */
  readonly isShared: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the public API, made of the very schemas that validate. */
export const openApiOf = (routes: readonly DocumentedRoute[], version: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Guildhall',
    version,
    description:
      'A workspace backend: solo on a local file, shared with a team on PostgreSQL or CockroachDB. Every error is a problem answer (RFC 9457) with a stable `code`.',
  },
  tags: [...new Set(routes.map(({ contract }) => contract.tag))].map((name) => ({ name })),
  paths: pathsOf(routes),
  components: {
    schemas: { Problem: plain(Problem) },
    securitySchemes: {
      accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      setupToken: { type: 'apiKey', in: 'header', name: 'x-guildhall-setup-token' },
      localToken: { type: 'apiKey', in: 'header', name: 'x-guildhall-local-token' },
    },
  },
});

const pathsOf = (routes: readonly DocumentedRoute[]): Json => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.contract.path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '{*}');
    (paths[path] ??= {})[route.contract.method.toLowerCase()] = operationOf(route);
  }
  return paths;
};

const operationOf = ({ contract, access, isShared }: DocumentedRoute): Json => ({
  operationId: contract.name,
  tags: [contract.tag],
  summary: contract.summary,
  description: accessSentence(access),
  security: securityOf(access),
  parameters: parametersOf(contract),
  ...(contract.body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: plain(contract.body) } } } }),
  responses: { ...successesOf(contract), ...problemsOf(errorsOf(contract, { scope: access.kind, isShared })) },
});

const token = { accessToken: [] };

/** What answers solo here wants no token for that part. */
const securityOf = ({ kind }: AccessRule): readonly Json[] => {
  if (kind === 'authenticated' || kind === 'permission' || kind === 'community') return [token];
  if (kind === 'installer') return [token, { setupToken: [] }, { localToken: [] }];
  return kind === 'workspace' || kind === 'solo-or-authenticated' ? [{}, token] : [];
};

const accessSentence = (access: AccessRule): string => {
  switch (access.kind) {
    case 'public':
      return 'Open to anyone.';
    case 'metrics':
      return 'This machine, or the metrics token.';
    case 'solo':
      return 'Only from this machine, or with the local token.';
    case 'authenticated':
      return 'Any signed-in user.';
    case 'solo-or-authenticated':
      return 'From this machine the solo part; with an access token the shared part.';
    case 'installer':
      return `While nothing is configured the setup token, or this machine's local token; afterwards the local token or the global permission \`${access.permission}\`.`;
    case 'permission':
      return `Needs the global permission \`${access.permission}\`.`;
    case 'community':
      return `Needs \`${access.permission}\` in the community.`;
    case 'workspace':
      return `A solo workspace answers this machine; a shared one needs \`${access.permission}\` in its community.`;
  }
};

const parametersOf = (contract: RouteContract): readonly Json[] => [
  ...fieldsOf(contract.params, 'path'),
  ...fieldsOf(contract.query, 'query'),
  ...(contract.isVersioned === true ? [headerParameter('If-Match', true, 'The ETag of the version you saw.', '"3"')] : []),
  ...(contract.isIdempotentCreate === true
    ? [
        headerParameter(
          'Idempotency-Key',
          false,
          'Repeating a request with the same key answers the first answer, for 24 hours.',
          '0b8f6c1e',
        ),
      ]
    : []),
];

const headerParameter = (name: string, required: boolean, description: string, example: string): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
  example,
});

const fieldsOf = (schema: RouteContract['params'], place: 'path' | 'query'): readonly Json[] =>
  Object.entries(schema?.properties ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || new Set<string>(schema?.required).has(name),
    schema: plain(field),
  }));

const successesOf = (contract: RouteContract): Json =>
  Object.fromEntries(
    Object.entries(contract.responses).map(([status, body]) => [
      status,
      body === null
        ? { description: 'Done.' }
        : { description: 'Done.', content: { [contract.media?.[0] ?? 'application/json']: { schema: plain(body) } } },
    ]),
  );

/** One response per status, naming every code that it can carry, with an example of each. */
const problemsOf = (codes: ReadonlySet<ErrorCode>): Json => {
  const byStatus = Map.groupBy(codes, statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\` ${titleOf(code)}`).join(' · '),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(group.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      },
    ]),
  );
};

const exampleOf = (code: ErrorCode): Json => ({
  type: 'about:blank',
  title: titleOf(code),
  status: statusOf(code),
  code,
  detail: 'What happened, and what to do about it.',
  requestId: '7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11',
});

/** A schema as plain JSON: without what the schema library keeps in it for itself. */
const plain = (schema: object): unknown => JSON.parse(JSON.stringify(schema));
