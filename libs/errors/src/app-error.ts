import { statusOf, type ErrorCode } from './error-codes.ts';

/** One field that was refused: a JSON Pointer (RFC 6901) into the request, and what is wrong with it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** The underlying error. Logged, never sent. */
  readonly cause?: unknown;
  readonly errors?: readonly FieldError[];
  /** Whole seconds after which asking again may help; sent as Retry-After (RFC 9110, section 10.2.3). */
  readonly retryAfterSeconds?: number;
}

/**
 * The one error that is meant for the caller. `message` is sent as the problem's `detail`: it says what to do and
 * holds no secret and nothing of the cause. Anything else that is thrown is answered as INTERNAL.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return statusOf(this.code);
  }
}

export const isAppError = (error: unknown): error is AppError => error instanceof AppError;
