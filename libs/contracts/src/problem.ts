import { errorCodes } from '@guildhall/errors';
import { Type, type Static } from 'typebox';

/** A problem answer (RFC 9457), media type `application/problem+json`. `code` is what clients branch on. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum(errorCodes),
    detail: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false })),
    ),
  },
  { additionalProperties: false },
);
export type Problem = Static<typeof Problem>;
