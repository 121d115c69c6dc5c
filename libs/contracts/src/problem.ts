import { errorCodes } from '@guildhall/errors';
import { Type, type Static } from 'typebox';
import { closed, field, named } from './fields.ts';

const FieldFault = closed({
  path: field(Type.String(), 'The field: a JSON Pointer (RFC 6901) into the body, the query or the path.', '/name'),
  message: field(Type.String(), 'What is wrong with it.', 'must have required property name'),
});

export const Problem = named('Problem', 'An error answer (RFC 9457). Clients branch on `code`.', {
  type: field(Type.String(), 'Always `about:blank`: `code` says what happened.', 'about:blank'),
  title: field(Type.String(), 'What the code means, in a few words.'),
  status: Type.Integer({ description: 'The HTTP status.' }),
  code: Type.Enum(errorCodes, { description: 'What happened, as a stable code.' }),
  detail: field(Type.String(), 'What happened here, and what to do about it.'),
  requestId: field(Type.String(), 'The id of the request, as in the logs: also `x-request-id` of the answer.'),
  errors: Type.Optional(Type.Array(FieldFault, { description: 'The fields that are not valid.' })),
});
/** A problem answer (RFC 9457), media type `application/problem+json`. `code` is what clients branch on. */
export type Problem = Static<typeof Problem>;
