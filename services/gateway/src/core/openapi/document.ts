import { Problem } from '@guildhall/contracts';
import { securitySchemes } from './access.ts';
import { createComponents, type Json } from './components.ts';
import { headers } from './headers.ts';
import { operationOf, pathOf, type DocumentedRoute } from './operation.ts';
import { problemExamples } from './problems.ts';

const description =
  'A workspace backend: solo on a local file, shared with a team on PostgreSQL or CockroachDB. Every error is a problem answer (RFC 9457) with a stable `code`.';

/** The OpenAPI 3.1 document of the public API, made of the very schemas that validate. */
export const openApiOf = (routes: readonly DocumentedRoute[], version: string): Json => {
  const components = createComponents();
  components.schemaOf(Problem);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes)
    (paths[pathOf(route.contract)] ??= {})[route.contract.method.toLowerCase()] = operationOf(route, components);
  const tags = new Map(routes.map(({ contract: { tag } }) => [tag.name, tag]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Guildhall',
      version,
      description,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this document.' }],
    tags: [...tags.values()],
    paths,
    components: { schemas: components.all(), examples: problemExamples, headers, securitySchemes },
  };
};
