import { AppError } from '@guildhall/errors';
import { Problem, type HttpMethod, type ServiceName } from '@guildhall/contracts';
import { principalHeader, serviceHeader, type InternalSigner } from '@guildhall/principal';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Pool } from 'undici';
import { requestIdHeader } from './request-id.ts';

export interface InternalClientParts {
  readonly baseUrl: string;
  readonly service: ServiceName;
  readonly signer: InternalSigner;
  /** How long one call may take in all. */
  readonly timeoutMs: number;
}

export interface InternalCall<S extends TSchema> {
  readonly method: HttpMethod;
  readonly path: string;
  readonly body?: unknown;
  readonly requestId?: string;
  /** A signed principal: the service then answers as it would to that caller. */
  readonly principal?: string;
  /** What the answer must be, `null` for 204; compiled once by the caller's module. */
  readonly answer: AnswerCheck<S>;
}

/** Checks an answer of another service; make one per schema, at module level. */
export interface AnswerCheck<S extends TSchema> {
  readonly check: (value: unknown) => value is Static<S>;
}

export const answerOf = <S extends TSchema>(schema: S): AnswerCheck<S> => {
  const compiled = Compile(schema);
  return { check: (value): value is Static<S> => compiled.Check(value) };
};

export interface InternalClient {
  /**
   * Asks a service as this service. Throws the AppError that it answered, or SERVICE_UNAVAILABLE when it cannot be
   * reached, does not answer in time or answers something else than agreed.
   */
  call<S extends TSchema>(call: InternalCall<S>): Promise<Static<S>>;
  close(): Promise<void>;
}

const connectionsMax = 16;
const answerBytesMax = 4 * 1024 * 1024;

export const createInternalClient = ({ baseUrl, service, signer, timeoutMs }: InternalClientParts): InternalClient => {
  const pool = new Pool(baseUrl, { connections: connectionsMax, connect: { timeout: timeoutMs } });
  const unavailable = (cause: unknown): AppError =>
    new AppError('SERVICE_UNAVAILABLE', `The ${service} service does not answer. Try again shortly.`, {
      cause,
      retryAfterSeconds: 1,
    });

  const exchange = async ({ method, path, body, requestId, principal }: Omit<InternalCall<TSchema>, 'answer'>) => {
    const headers = {
      accept: 'application/json',
      [serviceHeader]: await signer.signService(service),
      ...(requestId === undefined ? {} : { [requestIdHeader]: requestId }),
      ...(principal === undefined ? {} : { [principalHeader]: principal }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await pool.request({
        method,
        path,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal,
      });
      const text = await readBounded(response.body);
      const value: unknown = response.statusCode === 204 ? null : JSON.parse(text);
      return { status: response.statusCode, value, retryAfter: response.headers['retry-after'] };
    } catch (cause) {
      throw unavailable(cause);
    }
  };

  return {
    async call({ answer, ...asked }) {
      const { status, value, retryAfter } = await exchange(asked);
      if (status >= 300) throw problemToError(value, retryAfter) ?? unavailable(new Error(`${service} answered ${status}`));
      if (!answer.check(value))
        throw unavailable(new Error(`${service} ${asked.method} ${asked.path} answered something else than agreed`));
      return value;
    },
    close: () => pool.close(),
  };
};

const readBounded = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`the answer is larger than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** As much of a problem as an AppError is made of. */
const problemCheck = Compile(Type.Pick(Problem, ['code', 'detail', 'errors'], { additionalProperties: true }));

/** The AppError behind a problem answer; undefined when it is none that a caller could act on. */
const problemToError = (value: unknown, retryAfter: unknown): AppError | undefined => {
  if (!problemCheck.Check(value) || value.code === 'INTERNAL' || value.code === 'UNAUTHENTICATED') return undefined;
  const seconds = typeof retryAfter === 'string' && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new AppError(value.code, value.detail, {
    ...(value.errors === undefined ? {} : { errors: value.errors }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
};
