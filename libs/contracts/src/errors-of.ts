import type { ErrorCode } from '@guildhall/errors';
import type { RouteContract } from './route.ts';

/** The callers to which the gateway's route table opens an operation. */
export type AccessScope =
  /** Anyone. */
  | 'public'
  /** Prometheus: this machine, or the metrics token. */
  | 'metrics'
  /** This machine's user: a loopback peer without forwarding headers, or the local token. */
  | 'solo'
  /** Anyone who is signed in. */
  | 'authenticated'
  /** This machine's user, or anyone who is signed in: each sees their own part. */
  | 'solo-or-authenticated'
  /** This machine's user who is signed in, too: what is theirs here goes to what is theirs there. */
  | 'solo-and-authenticated'
  /** This machine's user, or a global permission. */
  | 'solo-or-permission'
  /** The setup token while nothing is configured, the local token, or a global permission. */
  | 'installer'
  /** A global permission. */
  | 'permission'
  /** A permission in the community that the path names. */
  | 'community'
  /** This machine's user for a solo workspace, a permission in the community of a shared one. */
  | 'workspace';

export interface ServedAs {
  readonly scope: AccessScope;
  /** True if a service behind the shared database answers the operation, wholly or in part. */
  readonly isShared: boolean;
}

/** The codes that every operation can answer. */
const commonErrors: readonly ErrorCode[] = ['INVALID', 'RATE_LIMITED', 'INTERNAL'];

/** The codes that answer a caller who is not, or not any more, signed in. */
const noSession: readonly ErrorCode[] = ['UNAUTHENTICATED', 'SESSION_ENDED'];

/** The codes by which an access scope refuses. */
const refusals: Readonly<Record<AccessScope, readonly ErrorCode[]>> = {
  public: [],
  metrics: ['NOT_FOUND'],
  solo: ['FORBIDDEN'],
  authenticated: noSession,
  'solo-or-authenticated': noSession,
  'solo-and-authenticated': [...noSession, 'FORBIDDEN'],
  permission: [...noSession, 'FORBIDDEN'],
  'solo-or-permission': [...noSession, 'FORBIDDEN', 'NOT_CONFIGURED', 'SERVICE_UNAVAILABLE'],
  installer: [
    ...noSession,
    'FORBIDDEN',
    'SETUP_TOKEN_INVALID',
    'CONFLICT',
    'RUN_IN_PROGRESS',
    'CONFIGURED_BY_ENVIRONMENT',
    'SERVICE_UNAVAILABLE',
  ],
  community: [...noSession, 'FORBIDDEN', 'NOT_FOUND'],
  workspace: [...noSession, 'FORBIDDEN', 'NOT_FOUND'],
};

/** The codes that follow from an operation's contract and from who may call it, without its own. */
const derivedErrorsOf = (contract: RouteContract, { scope, isShared }: ServedAs): ReadonlySet<ErrorCode> =>
  new Set<ErrorCode>([
    ...commonErrors,
    ...refusals[scope],
    // A body is read, and refused, also where none is taken.
    ...(contract.method === 'GET' ? [] : (['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const)),
    ...(contract.isVersioned === true ? (['VERSION_REQUIRED', 'VERSION_MISMATCH'] as const) : []),
    ...(contract.isIdempotentCreate === true ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    ...(isShared ? (['NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'] as const) : []),
  ]);

/** The codes that an operation can answer: its own, and those that follow from its contract and from its access rule. */
export const errorsOf = (contract: RouteContract, served: ServedAs): ReadonlySet<ErrorCode> =>
  new Set([...derivedErrorsOf(contract, served), ...(contract.errors ?? [])]);

/** The codes that a contract lists although they follow from the rest of it. */
export const repeatedErrorsOf = (contract: RouteContract, served: ServedAs): readonly ErrorCode[] =>
  (contract.errors ?? []).filter((code) => derivedErrorsOf(contract, served).has(code));
