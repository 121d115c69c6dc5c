import type { Problem } from '@guildhall/contracts';

/** A code of the API, or of what lies between: no answer at all, or one that is not of this API. */
export type ProblemCode = Problem['code'] | 'UNREACHABLE' | 'UNREADABLE';

export interface ProblemParts {
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly errors: NonNullable<Problem['errors']>;
  readonly retryAfterSeconds: number | null;
}

/** An answer that is a problem (RFC 9457), or a request without an answer. Screens branch on `code`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly parts: ProblemParts;

  constructor(parts: ProblemParts) {
    super(parts.detail);
    this.parts = parts;
  }

  get code(): ProblemCode {
    return this.parts.code;
  }

  /** Whether the shared part is away: what lies on this machine goes on. */
  get isOutage(): boolean {
    return this.parts.status === 503;
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'requestId' in body && 'detail' in body;

const secondsIn = (field: string | null): number | null => (field !== null && /^\d+$/.test(field) ? Number(field) : null);

/** The problem that an answer tells. */
export const problemOf = async (answer: Response): Promise<ProblemError> => {
  const body: unknown = await answer.json().catch(() => null);
  const retryAfterSeconds = secondsIn(answer.headers.get('retry-after'));
  const { status } = answer;
  if (isProblem(body)) {
    const { code, title, detail, requestId, errors = [] } = body;
    return new ProblemError({ code, title, detail, status, requestId, errors, retryAfterSeconds });
  }
  const requestId = answer.headers.get('x-request-id');
  const detail = `Something between this page and Guildhall answered ${status}.`;
  return new ProblemError({ code: 'UNREADABLE', title: 'No answer', detail, status, requestId, errors: [], retryAfterSeconds });
};

/** The problem of a request that nobody answered. */
export const unreachable = (): ProblemError =>
  new ProblemError({
    code: 'UNREACHABLE',
    title: 'Guildhall does not answer',
    detail: 'Guildhall does not answer. It may be restarting, or the network is away.',
    status: 0,
    requestId: null,
    errors: [],
    retryAfterSeconds: 2,
  });

/** An error as a problem: anything unexpected is a fault of this page. */
export const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError
    ? error
    : new ProblemError({
        code: 'INTERNAL',
        title: 'Something went wrong on this page',
        detail: error instanceof Error ? error.message : String(error),
        status: 0,
        requestId: null,
        errors: [],
        retryAfterSeconds: null,
      });

/** The fault of one field of the body, by its name; null where there is none. */
export const faultOf = (error: unknown, field: string): string | null =>
  error instanceof ProblemError ? (error.parts.errors.find(({ path }) => path === `/${field}`)?.message ?? null) : null;
