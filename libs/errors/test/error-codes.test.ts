import { describe, expect, it } from 'vitest';
import { AppError, codeOfStatus, errorCodes, isAppError, statusOf, titleOf } from '../src/index.ts';

describe('the list of error codes', () => {
  it('is closed: each has its status', () => {
    expect(Object.fromEntries(errorCodes.map((code) => [code, statusOf(code)]))).toEqual({
      INVALID: 400,
      UNAUTHENTICATED: 401,
      WRONG_PASSWORD: 401,
      SESSION_ENDED: 401,
      REAUTHENTICATION_REQUIRED: 401,
      CHALLENGE_ENDED: 401,
      FORBIDDEN: 403,
      EMAIL_NOT_VERIFIED: 403,
      ACCOUNT_SUSPENDED: 403,
      SETUP_TOKEN_INVALID: 403,
      NOT_FOUND: 404,
      METHOD_NOT_ALLOWED: 405,
      CONFLICT: 409,
      RUN_IN_PROGRESS: 409,
      CONFIGURED_BY_ENVIRONMENT: 409,
      GONE: 410,
      VERSION_MISMATCH: 412,
      TOO_LARGE: 413,
      UNSUPPORTED_MEDIA_TYPE: 415,
      UNPROCESSABLE: 422,
      WRONG_CODE: 422,
      WEAK_PASSWORD: 422,
      IDEMPOTENCY_KEY_REUSED: 422,
      VERSION_REQUIRED: 428,
      RATE_LIMITED: 429,
      INTERNAL: 500,
      NOT_CONFIGURED: 503,
      SHARED_DB_UNAVAILABLE: 503,
      SERVICE_UNAVAILABLE: 503,
    });
  });

  it('has a general code for each status, which stands before those of one occasion', () => {
    const general = [...new Set(errorCodes.map(statusOf))].map((status) => codeOfStatus(status));
    expect(general).toEqual([
      'INVALID',
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'NOT_FOUND',
      'METHOD_NOT_ALLOWED',
      'CONFLICT',
      'GONE',
      'VERSION_MISMATCH',
      'TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'UNPROCESSABLE',
      'VERSION_REQUIRED',
      'RATE_LIMITED',
      'INTERNAL',
      'NOT_CONFIGURED',
    ]);
  });

  it('has a title of its own for each', () => {
    const titles = errorCodes.map(titleOf);
    expect(new Set(titles).size).toBe(errorCodes.length);
  });
});

describe('an AppError', () => {
  it('carries its code, status, fields, cause and when to come again', () => {
    const cause = new Error('behind it');
    const error = new AppError('INVALID', 'Correct it.', {
      cause,
      errors: [{ path: '/a', message: 'is wrong' }],
      retryAfterSeconds: 2,
    });
    const { name, message, code, status, errors, retryAfterSeconds } = error;
    expect({ name, message, code, status, errors, retryAfterSeconds, cause: error.cause }).toEqual({
      name: 'AppError',
      message: 'Correct it.',
      code: 'INVALID',
      status: 400,
      errors: [{ path: '/a', message: 'is wrong' }],
      retryAfterSeconds: 2,
      cause,
    });
  });

  it('is distinguished from a lookalike', () => {
    expect([new AppError('GONE', 'Over.'), new Error('GONE'), { code: 'GONE', status: 410 }, null].map(isAppError)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
