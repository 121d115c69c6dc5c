import { Type, type Static } from 'typebox';
import { serviceNames } from '../service-names.ts';
import { route } from '../route.ts';

const closed = { additionalProperties: false } as const;

export const Installation = Type.Object(
  {
    state: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable']),
    /** Where the shared database's address comes from; null without one. */
    source: Type.Union([Type.Literal('environment'), Type.Null()]),
    services: Type.Array(
      Type.Object(
        {
          service: Type.Enum(serviceNames),
          status: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable', 'unreachable']),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Installation = Static<typeof Installation>;

export const getInstallation = route({
  name: 'getInstallation',
  method: 'GET',
  path: '/v1/installation',
  tag: 'installation',
  summary: 'Whether a shared database is connected, and how each service is.',
  responses: { 200: Installation },
  errors: [],
});
