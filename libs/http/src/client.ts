import { AppError } from '@guildhall/errors';
import { Problem, type HttpMethod, type ServiceName } from '@guildhall/contracts';
import { principalHeader, serviceHeader, type InternalSigner } from '@guildhall/principal';
import { withTimeLimit } from '@guildhall/repeat';
import { activeTracer, tracedWithin, type SpanStart } from '@guildhall/tracing';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { requestIdHeader } from './request-id.ts';
import { connectToService } from './service-connections.ts';
import { requestIdAttribute, setStatus, traceparentHeader } from './trace-requests.ts';
import { omitUndefined } from '@guildhall/resources';

export interface InternalClientParts {
  readonly baseUrl: string;
  readonly service: ServiceName;
  readonly signer: InternalSigner;
  /** The time-out of a whole call. */
  readonly timeoutMs: number;
  /** The largest answer, in bytes; 4 MiB where not said. */
  readonly answerBytesMax?: number;
}

export interface InternalCall<S extends TSchema> {
  readonly method: HttpMethod;
  readonly path: string;
  readonly body?: unknown;
  readonly requestId?: string;
  /** True for a call that changes nothing, or nothing a second time. Every GET is one. */
  readonly mayBeSentAgain?: boolean;
  /** A signed principal: the service then answers as it would to that caller. */
  readonly principal?: string;
  /** The check of the answer, `null` for 204; compiled once by the caller's module. */
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
   * Calls a service in the name of this one. Throws the AppError of a problem answer, or SERVICE_UNAVAILABLE when the service
   * cannot be reached, times out or breaks the contract.
   */
  call<S extends TSchema>(call: InternalCall<S>): Promise<Static<S>>;
  close(): Promise<void>;
}

type Exchange = Omit<InternalCall<TSchema>, 'answer'>;

/** Its path is left out: an id in it may be a person's. */
const calledSpan = (service: ServiceName, { method, requestId }: Exchange): SpanStart => ({
  name: `${method} ${service}`,
  kind: 'client',
  attributes: {
    'http.request.method': method,
    'server.address': service,
    ...(requestId === undefined ? {} : { [requestIdAttribute]: requestId }),
  },
});

const connectionsMax = 16;
const connectTimeoutMsMax = 1_000;
const answerBytesMaxDefault = 4 * 1024 * 1024;

export const createInternalClient = ({
  baseUrl,
  service,
  signer,
  timeoutMs,
  answerBytesMax = answerBytesMaxDefault,
}: InternalClientParts): InternalClient => {
  // Time for a second connection: the first may go to a replica that is gone.
  const connectTimeoutMs = Math.min(connectTimeoutMsMax, timeoutMs / 2);
  const connections = connectToService({ baseUrl, connections: connectionsMax, connectTimeoutMs });
  const unavailable = (cause: unknown): AppError =>
    new AppError('SERVICE_UNAVAILABLE', `The ${service} service does not answer. Try again shortly.`, {
      cause,
      retryAfterSeconds: 1,
    });

  const exchange = async (asked: Exchange, traceparent?: string) => {
    const { method, path, body, requestId, principal, mayBeSentAgain = method === 'GET' } = asked;
    const headers = {
      accept: 'application/json',
      [serviceHeader]: await signer.signService(service),
      ...omitUndefined({ [requestIdHeader]: requestId, [principalHeader]: principal, [traceparentHeader]: traceparent }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? null : JSON.stringify(body);
    return withTimeLimit(timeoutMs, async (signal) => {
      const response = await connections.dispatcherFor(mayBeSentAgain).request({ method, path, headers, body: sent, signal });
      const text = await readBounded(response.body, answerBytesMax);
      const value: unknown = response.statusCode === 204 ? null : JSON.parse(text);
      return { status: response.statusCode, value, retryAfter: response.headers['retry-after'] };
    }).catch((cause: unknown) => {
      throw unavailable(cause);
    });
  };

  return {
    async call({ answer, ...asked }) {
      const { status, value, retryAfter } = await tracedWithin(
        () => calledSpan(service, asked),
        async (span) => {
          // A trace that is left out is named, too, so that no other begins there.
          const answered = await exchange(asked, (span ?? activeTracer()?.current())?.traceparent);
          if (span !== undefined) setStatus(span, answered.status);
          return answered;
        },
      );
      if (status >= 300) throw problemToError(value, retryAfter) ?? unavailable(new Error(`${service} answered ${status}`));
      if (!answer.check(value))
        throw unavailable(new Error(`${service} ${asked.method} ${asked.path} answered something else than agreed`));
      return value;
    },
    close: connections.close,
  };
};

const readBounded = async (body: AsyncIterable<Uint8Array>, answerBytesMax: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`the answer is larger than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** The fields of a problem that make an AppError. */
const problemCheck = Compile(Type.Pick(Problem, ['code', 'detail', 'errors'], { additionalProperties: true }));

/** The AppError of a problem answer; undefined for one that a caller could not act on. */
const problemToError = (value: unknown, retryAfter: unknown): AppError | undefined => {
  if (!problemCheck.Check(value) || value.code === 'INTERNAL' || value.code === 'UNAUTHENTICATED') return undefined;
  const seconds = typeof retryAfter === 'string' && /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return new AppError(value.code, value.detail, {
    ...omitUndefined({ errors: value.errors, retryAfterSeconds: seconds }),
  });
};
