import {
  bodyBytesMaxOf,
  errorsOf,
  exampleAnswerOf,
  exampleBodyOf,
  type PublicContract,
  type RouteContract,
  type PublicAccessRule,
} from '@guildhall/contracts';
import { accessSentence, securityOf } from './access.ts';
import type { Components, Json } from './components.ts';
import { headerReference } from './headers.ts';
import { problemsOf } from './problems.ts';

/** A route as the document needs to know it. */
export interface DocumentedRoute {
  readonly contract: PublicContract;
  readonly access: PublicAccessRule;
  /** Whether a service behind the shared database answers it. */
  readonly isShared: boolean;
}

/** The document's name of the rest of a path, which routes call `*`. */
const restName = 'tile';

/** A path as OpenAPI writes it: `/v1/workspaces/{workspaceId}`. */
export const pathOf = ({ path }: Pick<RouteContract, 'path'>): string =>
  path.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, `{${restName}}`);

export const operationOf = ({ contract, access, isShared }: DocumentedRoute, components: Components): Json => ({
  operationId: contract.name,
  tags: [contract.tag.name],
  summary: contract.summary,
  description: accessSentence(access),
  security: securityOf(access),
  parameters: parametersOf(contract, components),
  ...requestBodyOf(contract, components),
  responses: {
    ...successesOf(contract, components),
    ...notModifiedOf(contract),
    ...problemsOf(errorsOf(contract, { scope: access.kind, isShared })),
  },
});

const schemaNameOf = ({ name }: RouteContract, part: 'Body' | 'Answer'): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}${part}`;

const requestBodyOf = (contract: PublicContract, components: Components): Json =>
  contract.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          description: `At most ${bodyBytesMaxOf(contract)} bytes.`,
          content: {
            'application/json': {
              schema: components.schemaOf(contract.body, schemaNameOf(contract, 'Body')),
              example: exampleBodyOf(contract),
            },
            ...mediaBodiesOf(contract),
          },
        },
      };

const mediaBodiesOf = ({ mediaBodies = {} }: PublicContract): Json =>
  Object.fromEntries(Object.entries(mediaBodies).map(([mediaType, schema]) => [mediaType, { schema }]));

const parametersOf = (contract: RouteContract, components: Components): readonly Json[] => [
  ...fieldsOf(contract.params, 'path', components),
  ...fieldsOf(contract.query, 'query', components),
  ...(contract.isVersioned === true
    ? [headerParameter('If-Match', true, 'The ETag of the version you saw.', { example: '"3"' })]
    : []),
  ...(isConditionalRead(contract)
    ? [headerParameter('If-None-Match', false, 'The ETag of the version you have: it is answered 304 while it is current.')]
    : []),
  // No example: a client that sends one key for two requests gets the first answer, or is refused.
  ...(contract.isIdempotentCreate === true
    ? [
        headerParameter(
          'Idempotency-Key',
          false,
          'A repeated request with the same key gets the first answer again, for 24 hours.',
        ),
      ]
    : []),
  ...(contract.takesLastEventId === true
    ? [headerParameter('Last-Event-ID', false, 'The `id` of the last event that was seen: the stream continues behind it.')]
    : []),
];

const headerParameter = (name: string, required: boolean, description: string, example: Json = {}): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
  ...example,
});

const fieldsOf = (schema: RouteContract['params'], place: 'path' | 'query', components: Components): readonly Json[] =>
  Object.entries(schema?.properties ?? {}).map(([name, field]) => {
    const { description, examples, ...rest } = components.schemaOf(field);
    return {
      name: name === '*' ? restName : name,
      in: place,
      required: place === 'path' || new Set<string>(schema?.required).has(name),
      description,
      schema: rest,
      // A filter that is filled in without being asked for finds nothing.
      ...(place === 'path' && Array.isArray(examples) ? { example: examples[0] as unknown } : {}),
    };
  });

const successesOf = (contract: PublicContract, components: Components): Json =>
  Object.fromEntries(
    Object.entries(contract.responses).map(([status, body]) => [
      status,
      {
        description: body === null ? 'Done.' : descriptionOf(body),
        headers: successHeadersOf(contract),
        ...(body === null ? {} : { content: contentOf(contract, body, components) }),
      },
    ]),
  );

/** The answer to a conditional read of the version that the client has already (RFC 9110, section 13.1.2). */
const notModifiedOf = (contract: PublicContract): Json =>
  isConditionalRead(contract)
    ? {
        304: {
          description: 'Not changed since the version that `If-None-Match` names.',
          headers: { ETag: headerReference('ETag') },
        },
      }
    : {};

const isConditionalRead = ({ method, answersVersion, changesBetweenVersions }: RouteContract): boolean =>
  method === 'GET' && answersVersion === true && changesBetweenVersions !== true;

const descriptionOf = (schema: object): string =>
  'description' in schema && typeof schema.description === 'string' ? schema.description : 'Done.';

const successHeadersOf = ({ answersVersion, location, media, takesSessionCookie }: RouteContract): Json => ({
  'X-Request-Id': headerReference('RequestId'),
  ...(answersVersion === true ? { ETag: headerReference('ETag') } : {}),
  ...(location === undefined ? {} : { Location: headerReference('Location') }),
  ...(takesSessionCookie === true ? { 'Set-Cookie': headerReference('SetCookie') } : {}),
  ...(media?.includes('text/csv') === true ? { 'Content-Disposition': headerReference('ContentDisposition') } : {}),
});

const contentOf = (contract: PublicContract, body: object, components: Components): Json => {
  const { media } = contract;
  if (media === undefined) {
    const schema = components.schemaOf(body, schemaNameOf(contract, 'Answer'));
    return { 'application/json': { schema, example: exampleAnswerOf(contract, body) } };
  }
  return Object.fromEntries(media.map((type, index) => [type, textOf(contract, body, type, index)]));
};

/** An answer that is not JSON. The example is one of the first media type. */
const textOf = (contract: PublicContract, body: object, type: string, index: number): Json => {
  const description = descriptionOf(body);
  if (type === 'application/octet-stream') return { schema: { type: 'string', format: 'binary', description } };
  return { schema: { type: 'string', description }, ...(index === 0 ? { example: exampleAnswerOf(contract, body) } : {}) };
};
