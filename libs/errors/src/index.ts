export { AppError, isAppError, type AppErrorOptions, type FieldError } from './app-error.ts';
export { codeOfStatus, errorCodes, statusOf, titleOf, type ErrorCode } from './error-codes.ts';
