/**
 * The closed list of error codes, each with its HTTP status (RFC 9110, RFC 6585) and its title.
 * A code is stable once released: clients branch on it. docs/api.md is generated from this table.
 */
const codes = {
  INVALID: [400, 'The request is not valid'],
  UNAUTHENTICATED: [401, 'Sign in first'],
  FORBIDDEN: [403, 'Not allowed'],
  NOT_FOUND: [404, 'Not found'],
  METHOD_NOT_ALLOWED: [405, 'Method not allowed'],
  CONFLICT: [409, 'In conflict with what is there'],
  GONE: [410, 'No longer available'],
  VERSION_MISMATCH: [412, 'Changed by someone else'],
  TOO_LARGE: [413, 'Too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Media type not supported'],
  UNPROCESSABLE: [422, 'Understood, but cannot be done'],
  VERSION_REQUIRED: [428, 'If-Match is required'],
  RATE_LIMITED: [429, 'Too many requests'],
  INTERNAL: [500, 'Something went wrong here'],
  NOT_CONFIGURED: [503, 'No shared database is set up'],
  SHARED_DB_UNAVAILABLE: [503, 'The shared database is unavailable'],
  SERVICE_UNAVAILABLE: [503, 'A service is unavailable'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof codes;

export const errorCodes = Object.keys(codes) as ErrorCode[];

/** The HTTP status that a code is answered with. */
export const statusOf = (code: ErrorCode): number => codes[code][0];

/** The first code with an HTTP status; undefined when no code has it. */
export const codeOfStatus = (status: number): ErrorCode | undefined => errorCodes.find((code) => statusOf(code) === status);

/** The short, code-specific title of a problem answer (RFC 9457, section 3.1.3). */
export const titleOf = (code: ErrorCode): string => codes[code][1];
