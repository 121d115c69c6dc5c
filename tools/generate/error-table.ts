import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes, statusOf, titleOf, type ErrorCode } from '@guildhall/errors';
import type { Generator } from './all.ts';

const path = 'docs/api.md';
const begin = '<!-- errors: generated, do not edit -->';
const end = '<!-- errors: end -->';

/** The occasion of each code, and what a client should do. The type makes the compiler check that no code is missing. */
const advice: Readonly<Record<ErrorCode, { readonly when: string; readonly whatToDo: string }>> = {
  INVALID: {
    when: 'The request does not fit the operation: body, query, path, a header, or a cursor that this list did not give out.',
    whatToDo: 'Correct what `errors` names. The same request fails again.',
  },
  UNAUTHENTICATED: {
    when: 'No access token, or one that is expired or forged.',
    whatToDo: 'Refresh the token once; when that fails, sign in.',
  },
  WRONG_PASSWORD: {
    when: 'A log-in whose address or password is wrong; the answer does not say which.',
    whatToDo: 'Let the user type both again.',
  },
  REAUTHENTICATION_REQUIRED: {
    when: 'A change of the own account that wants its password, by an account that has none, more than ten minutes after its sign-in.',
    whatToDo: 'Let the user sign in again, in the way that the account has, and repeat the request in the new session.',
  },
  CHALLENGE_ENDED: {
    when: 'The sign-in whose second step this is was finished, has expired, or was ended by a change of the password.',
    whatToDo: 'Start the sign-in again.',
  },
  SESSION_ENDED: {
    when: 'The session was signed out, has expired, or was ended after a reuse of its refresh token.',
    whatToDo: 'Sign in. A refresh fails, too.',
  },
  FORBIDDEN: {
    when: 'The caller may see it but not do this to it.',
    whatToDo: 'Ask somebody who may, or for the role.',
  },
  EMAIL_NOT_VERIFIED: {
    when: 'A log-in with the right password to an account of an earlier version whose address was never confirmed.',
    whatToDo: 'Register with the address again.',
  },
  ACCOUNT_SUSPENDED: {
    when: 'A log-in with the right password to an account that is suspended.',
    whatToDo: 'Ask an owner of the installation.',
  },
  SETUP_TOKEN_INVALID: {
    when: 'A setup token that was used, has expired or was never issued.',
    whatToDo: 'Take the one of the last start, or register without one.',
  },
  NOT_FOUND: {
    when: 'It is not there, or the caller may not see it; the answer does not say which.',
    whatToDo: 'Check the address, and that you are signed in as the right user.',
  },
  METHOD_NOT_ALLOWED: {
    when: 'The address exists, but not for this method.',
    whatToDo: 'Use one of the methods that `Allow` names.',
  },
  CONFLICT: {
    when: 'The change contradicts what is there: a name that is taken, the last owner leaving, two changes at once.',
    whatToDo: 'Read again, decide anew.',
  },
  RUN_IN_PROGRESS: {
    when: 'A change of the installation while another one runs.',
    whatToDo: 'Follow the run to its end, then try again.',
  },
  CONFIGURED_BY_ENVIRONMENT: {
    when: 'The environment of the services names the shared database.',
    whatToDo: 'Change `DATABASE_URL` there.',
  },
  GONE: {
    when: 'It was there and is used up or over, such as an invite that has expired.',
    whatToDo: 'Ask for a new one.',
  },
  VERSION_MISMATCH: {
    when: 'Somebody changed it after the version named in `If-Match`.',
    whatToDo: 'Read the new version, apply the change to it, send its `ETag`.',
  },
  TOO_LARGE: { when: 'The body or the headers are larger than the operation takes.', whatToDo: 'Send less.' },
  UNSUPPORTED_MEDIA_TYPE: {
    when: 'The body is not JSON by its `Content-Type`.',
    whatToDo: 'Send `Content-Type: application/json`.',
  },
  UNPROCESSABLE: {
    when: 'The request is well formed but cannot be done.',
    whatToDo: 'Read `detail`; change the request.',
  },
  WRONG_CODE: {
    when: 'A one-time code that is wrong, was used or has expired.',
    whatToDo: 'Let the user type it again, or send a fresh one.',
  },
  WEAK_PASSWORD: {
    when: 'A new password that is too short, too long or too easily guessed; `errors` says which.',
    whatToDo: 'Let the user choose another one.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    when: 'An `Idempotency-Key` that came with another request before.',
    whatToDo: 'Use a new key.',
  },
  VERSION_REQUIRED: {
    when: 'A change of something that has versions came without `If-Match`.',
    whatToDo: 'Send the `ETag` of the version you saw as `If-Match`.',
  },
  RATE_LIMITED: { when: 'More requests than the limit allows.', whatToDo: 'Wait for `Retry-After` seconds.' },
  INTERNAL: {
    when: 'A fault in the program. Nothing of the cause is sent; it is logged under the request id.',
    whatToDo: 'Try once more; then report the `requestId`.',
  },
  NOT_CONFIGURED: {
    when: 'A team route was asked while no shared database is set up. Solo work goes on.',
    whatToDo: 'Connect a shared database, or work solo.',
  },
  SHARED_DB_UNAVAILABLE: {
    when: 'The shared database does not answer. Solo work goes on.',
    whatToDo: 'Try again after `Retry-After` seconds; it comes back by itself.',
  },
  SERVICE_UNAVAILABLE: {
    when: 'A service behind the gateway does not answer.',
    whatToDo: 'Try again after `Retry-After` seconds, with the same `Idempotency-Key` if it was a create.',
  },
};

const errorTable = (): string => {
  const rows = errorCodes.map(
    (code) => `| ${statusOf(code)} | \`${code}\` | ${titleOf(code)} | ${advice[code].when} | ${advice[code].whatToDo} |`,
  );
  return ['| status | code | title | when | what to do |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
};

/** Puts the table between its two marks. Throws when they are not there. */
export const withErrorTable = (document: string): string => {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has lost its marks "${begin}" and "${end}".`);
  return `${before}${begin}\n\n<!-- prettier-ignore -->\n${errorTable()}\n\n${end}${after}`;
};

/** The table of error codes in the API's description. */
export const generator: Generator = {
  name: 'error table',
  files: async () => new Map([[path, withErrorTable(readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8'))]]),
};
