import { errorCodes, statusOf, titleOf, type ErrorCode } from '@guildhall/errors';
import type { Json } from './components.ts';
import { headerReference } from './headers.ts';
import { omitUndefined } from '@guildhall/resources';

/** A detail that each code is answered with. */
const details: Readonly<Record<ErrorCode, string>> = {
  INVALID: 'The body does not fit this operation.',
  UNAUTHENTICATED: 'Sign in first: send a bearer access token.',
  WRONG_PASSWORD: 'The address or the password is wrong.',
  SESSION_ENDED: 'This session has ended. Sign in again.',
  REAUTHENTICATION_REQUIRED: 'Sign in again for this: the account has no password, and its sign-in is too old.',
  CHALLENGE_ENDED: 'This sign-in was finished, has expired, or was ended. Start again.',
  FORBIDDEN: 'Your role here, viewer, does not include script:update.',
  EMAIL_NOT_VERIFIED: 'Confirm your address first: enter the code from our mail, or ask for a fresh one.',
  ACCOUNT_SUSPENDED: 'This account is suspended.',
  SETUP_TOKEN_INVALID: 'The setup token is invalid: it was used, has expired, or was never issued.',
  NOT_FOUND: 'There is nothing at this address, or it is not for you to see.',
  METHOD_NOT_ALLOWED: 'This address takes GET, HEAD, PATCH, DELETE.',
  CONFLICT: 'A community keeps at least one owner. Make someone else an owner first.',
  RUN_IN_PROGRESS: 'Another configuration is in progress. Follow it to its end, then try again.',
  CONFIGURED_BY_ENVIRONMENT: 'The environment of the services names the shared database (DATABASE_URL): change it there.',
  GONE: 'This invite is no longer open: it is expired.',
  TOO_LARGE: 'The body is larger than this operation takes.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the body as application/json.',
  UNPROCESSABLE: 'There are more than 1000000 events: choose a shorter period, or filter further.',
  WRONG_CODE: 'The code is wrong, was used, or has expired. Ask for a fresh one.',
  WEAK_PASSWORD: 'Choose another password.',
  IDEMPOTENCY_KEY_REUSED: 'This Idempotency-Key was used for another request. Send a new one.',
  VERSION_REQUIRED: 'Send If-Match with the ETag of the version you saw.',
  VERSION_MISMATCH: 'The current version is 4. Read it again and repeat your change on it.',
  RATE_LIMITED: 'Too many requests. Try again in 20 s.',
  NOT_CONFIGURED: 'No shared database is set up. Solo workspaces work without one.',
  SHARED_DB_UNAVAILABLE: 'The shared database does not answer. Try again shortly.',
  SERVICE_UNAVAILABLE: 'Others changed this at the same time. Try again.',
  INTERNAL: 'An unexpected fault; it is logged under this request id.',
};

const faults: Partial<Record<ErrorCode, readonly Json[]>> = {
  INVALID: [{ path: '/name', message: "must have required property 'name'" }],
  WRONG_CODE: [{ path: '/code', message: 'is invalid' }],
  WEAK_PASSWORD: [{ path: '/password', message: 'is too common' }],
};

/** An example of a problem answer. */
const exampleOf = (code: ErrorCode): Json => ({
  type: 'about:blank',
  title: titleOf(code),
  status: statusOf(code),
  code,
  detail: details[code],
  requestId: '7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11',
  ...omitUndefined({ errors: faults[code] }),
});

/** The code of a method that is no operation: the document describes operations alone. */
const answeredByNoOperation: ErrorCode = 'METHOD_NOT_ALLOWED';

/** The examples of problem answers, as components. */
export const problemExamples: Json = Object.fromEntries(
  errorCodes.filter((code) => code !== answeredByNoOperation).map((code) => [code, { value: exampleOf(code) }]),
);

const mayRetry: ReadonlySet<number> = new Set([429, 503]);

/** Describes one response per status, with every code that it can carry and an example of each. */
export const problemsOf = (codes: ReadonlySet<ErrorCode>): Json => {
  const byStatus = Map.groupBy(codes, statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\` ${titleOf(code)}`).join(' · '),
        headers: {
          'X-Request-Id': headerReference('RequestId'),
          ...(status === 401 ? { 'WWW-Authenticate': headerReference('WWWAuthenticate') } : {}),
          ...(mayRetry.has(status) ? { 'Retry-After': headerReference('RetryAfter') } : {}),
        },
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(group.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  );
};
