/**
 * The closed list of error codes, each with its HTTP status (RFC 9110, RFC 6585) and its title.
 * A code is stable once released: clients branch on it. docs/api.md is generated from this table. The first code of each status
 * is its general one: what a framework refuses by a status alone gets it. The others are for one occasion each, which a client
 * must tell from others of the same status.
 */
const codes = {
  INVALID: [400, 'The request is not valid'],
  UNAUTHENTICATED: [401, 'Sign in first'],
  WRONG_PASSWORD: [401, 'The address or the password is wrong'],
  SESSION_ENDED: [401, 'The session has ended'],
  REAUTHENTICATION_REQUIRED: [401, 'Sign in again for this'],
  CHALLENGE_ENDED: [401, 'The sign-in has ended'],
  FORBIDDEN: [403, 'Not allowed'],
  EMAIL_NOT_VERIFIED: [403, 'The address is not confirmed'],
  ACCOUNT_SUSPENDED: [403, 'The account is suspended'],
  SETUP_TOKEN_INVALID: [403, 'The setup token is invalid'],
  NOT_FOUND: [404, 'Not found'],
  METHOD_NOT_ALLOWED: [405, 'Method not allowed'],
  CONFLICT: [409, 'In conflict with what is there'],
  RUN_IN_PROGRESS: [409, 'Another configuration is in progress'],
  CONFIGURED_BY_ENVIRONMENT: [409, 'Configured by the environment'],
  GONE: [410, 'No longer available'],
  VERSION_MISMATCH: [412, 'Changed by someone else'],
  TOO_LARGE: [413, 'Too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Media type not supported'],
  UNPROCESSABLE: [422, 'Understood, but cannot be done'],
  WRONG_CODE: [422, 'The code is wrong'],
  WEAK_PASSWORD: [422, 'Choose another password'],
  IDEMPOTENCY_KEY_REUSED: [422, 'The Idempotency-Key was used for another request'],
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
