import { AppError, codeOfStatus, isAppError, titleOf } from '@guildhall/errors';
import type { Problem } from '@guildhall/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from './log.ts';

/** The media type of problem details, which every error is answered with (RFC 9457, section 3). */
export const problemMediaType = 'application/problem+json; charset=utf-8';

/** The header with a problem's code between the processes of an installation, for a proxy that does not read the body. */
export const problemCodeHeader = 'x-guildhall-code';

/** Adds the code of problems as a header, too. */
export const tellProblemCodes = (app: FastifyInstance): void => void app.decorate('tellsProblemCodes', true);

/** An AppError as the body that the caller sees. */
export const toProblem = (error: AppError, requestId: string): Problem => ({
  type: 'about:blank',
  title: titleOf(error.code),
  status: error.status,
  code: error.code,
  detail: error.message,
  requestId,
  ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
});

/** The challenge of a 401 (RFC 9110, section 15.5.2; RFC 6750, section 3). */
const challenge = 'Bearer realm="Guildhall"';

/** The header fields of a problem: `Retry-After` if the error says when to try again, and a challenge if it wants a sign-in. */
export const problemHeadersOf = (error: AppError): Record<string, string> => ({
  'content-type': problemMediaType,
  ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  ...(error.status === 401 ? { 'www-authenticate': challenge } : {}),
});

const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply => {
  if (request.server.hasDecorator('tellsProblemCodes')) void reply.header(problemCodeHeader, error.code);
  const problem = toProblem(error, request.id);
  return reply.code(error.status).headers(problemHeadersOf(error)).serializer(JSON.stringify).send(problem);
};

/** Sends the problem of a thrown error. A fault is logged with its cause and request id; the answer shows nothing of it. */
export const handleError = (thrown: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const error = toAppError(thrown);
  if (isCutShort(request, thrown)) request.log.info('the client went away before its body was read');
  else logThrown(request.log, thrown, error);
  return sendProblem(request, reply, error);
};

/** Logs what was thrown: a fault with its cause, and the cause of a refusal. */
export const logThrown = (log: Pick<Logger, 'error' | 'warn'>, thrown: unknown, error: AppError): void => {
  if (error.code === 'INTERNAL') log.error({ err: thrown }, 'request failed');
  else if (error.cause !== undefined) log.warn({ err: error.cause, code: error.code }, error.message);
};

/**
 * The client closed the connection: no fault of the service, and nobody is left to read the answer. A body that has arrived, but
 * was not read yet, counts as complete and is lost all the same: reading it throws the request's own error.
 */
const isCutShort = ({ raw }: FastifyRequest, thrown: Error): boolean =>
  thrown === raw.errored || (raw.destroyed && !raw.complete);

/** The AppError with which a thrown error is answered. */
export const toAppError = (thrown: unknown): AppError => {
  if (isAppError(thrown)) return thrown;
  const { code, statusCode } = thrown as FastifyError;
  const known = code === undefined ? undefined : fastifyCodes[code];
  if (known !== undefined) return new AppError(known[0], known[1]);
  if (isRefusal(statusCode)) {
    const refusal = codeOfStatus(statusCode) ?? 'INVALID';
    return new AppError(refusal, `The request was refused: ${titleOf(refusal).toLowerCase()}.`);
  }
  return new AppError('INTERNAL', 'An unexpected fault; it is logged under this request id.', { cause: thrown });
};

/** True for an error of the framework or a plugin with a 4xx status: a mistake of the caller. */
const isRefusal = (status: number | undefined): status is number => status !== undefined && status >= 400 && status < 500;

/** The problem codes of the requests that fastify itself refuses, by fastify's error code. */
const fastifyCodes: Readonly<Record<string, readonly [AppError['code'], string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_LARGE', 'The body is larger than this operation takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['INVALID', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['INVALID', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['INVALID', 'The URL is not validly encoded.'],
  FST_ERR_MAX_PARAM_LENGTH: ['INVALID', 'A part of the path is too long.'],
};
