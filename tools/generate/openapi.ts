import { openApiDocument } from '../../services/gateway/src/app.ts';
import type { Generator } from './all.ts';

/** The public API's document, as the gateway serves it at /openapi.json. */
export const generator: Generator = {
  name: 'OpenAPI document',
  files: async () => new Map([['services/gateway/openapi.json', `${JSON.stringify(openApiDocument(), null, 2)}\n`]]),
};
