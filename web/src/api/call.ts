import type { AnswerBodyOf, RequestOf, RouteContract } from '@guildhall/contracts';
import { copiesAtWork } from './copies-at-work.ts';
import { keyOfIntent, settleIntent } from './intents.ts';
import { localToken } from './local-token.ts';
import { operations, type Contracts } from './operations.ts';
import { ProblemError, problemOf, unreachable } from './problem.ts';
import { noteRead } from './sent-reads.ts';
import { currentToken, hasGrownOld, refreshSession } from './session.ts';

export type Operation = keyof typeof operations;

/** The parts of a request that no contract has. */
interface Extra {
  readonly signal?: AbortSignal | undefined;
  readonly setupToken?: string | null;
  readonly lastEventId?: string | null;
  /** Sends the token of this machine's user alone: what lies on this machine answers, though somebody is signed in. */
  readonly isLocalAlone?: boolean;
  /** The body as JSON text, in place of `body`: what an object of JavaScript would not keep, such as the form of numbers. */
  readonly json?: string;
}

type CallOfContract<C extends RouteContract> = RequestOf<C> & Extra;

/**
 * The types that are computed from contracts stand in tables. The compiler compares entries of a table by their names, and computed types member by member,
 * which takes four seconds for those of all operations.
 */
interface Answers extends AnswersOf<Contracts> {}
type AnswersOf<C extends Readonly<Record<string, RouteContract>>> = { readonly [N in keyof C]: AnswerBodyOf<C[N]> };
interface Calls extends CallsOf<Contracts> {}
type CallsOf<C extends Readonly<Record<string, RouteContract>>> = { readonly [N in keyof C]: CallOfContract<C[N]> };
interface Arguments extends ArgumentsOf<Contracts> {}
type ArgumentsOf<C extends Readonly<Record<string, RouteContract>>> = {
  readonly [N in keyof C]: object extends RequestOf<C[N]> ? [request?: CallOfContract<C[N]>] : [request: CallOfContract<C[N]>];
};

export type AnswerOf<N extends Operation> = Answers[N];
export type CallOf<N extends Operation> = Calls[N];
/** The request of an operation; it may be left out where nothing in it is required. */
export type CallArguments<N extends Operation> = Arguments[N];

interface Parts extends Extra {
  /** The idempotency key of a creation. */
  readonly key?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly version?: number;
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly isVersioned?: true;
  readonly isIdempotent?: true;
  readonly media?: string;
}

/** The address of an operation with its parameters and its query. */
const addressOf = (name: Operation, { params = {}, query = {} }: Pick<Parts, 'params' | 'query'> = {}): string => {
  const path = operations[name].path.replace(/:(\w+)/g, (_whole, parameter: string) =>
    encodeURIComponent(String(params[parameter])),
  );
  const search = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([field, value]) => [field, String(value)]),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
};

const bodyOf = ({ json, body }: Parts): string | null => json ?? (body === undefined ? null : JSON.stringify(body));

const headersOf = ({ isVersioned, isIdempotent, media }: Described, parts: Parts, token: string | null): Headers => {
  const headers = new Headers({ accept: media ?? 'application/json' });
  if (bodyOf(parts) !== null) headers.set('content-type', 'application/json');
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  const local = localToken.get();
  if (local !== null) headers.set('x-guildhall-local-token', local);
  if (parts.setupToken !== null && parts.setupToken !== undefined) headers.set('x-guildhall-setup-token', parts.setupToken);
  if (parts.lastEventId !== null && parts.lastEventId !== undefined) headers.set('last-event-id', parts.lastEventId);
  if (isVersioned === true) headers.set('if-match', `"${parts.version}"`);
  if (isIdempotent === true && parts.key !== undefined) headers.set('idempotency-key', parts.key);
  return headers;
};

/** The operations on a workspace that need both sides of it. */
const ofBothSides: ReadonlySet<Operation> = new Set(['shareWorkspace', 'cloneWorkspace', 'syncWorkspace', 'undoWorkspaceSync']);

/** Whether a request is for the copy of a shared workspace, which answers who is not signed in. */
const isForCopy = (name: Operation, { params = {}, isLocalAlone = false }: Parts): boolean =>
  isLocalAlone || (copiesAtWork.get().has(String(params['workspaceId'])) && !ofBothSides.has(name));

const note = (name: Operation, parts: Parts, token: string | null): void => {
  const { method, media = 'application/json' }: Described = operations[name];
  if (method !== 'GET') return;
  noteRead({
    name,
    address: addressOf(name, parts),
    media,
    hasSession: token !== null,
    hasLocalToken: localToken.get() !== null,
  });
};

const sendOnce = async (name: Operation, parts: Parts, token: string | null): Promise<Response> => {
  const described: Described = operations[name];
  note(name, parts, token);
  try {
    return await fetch(addressOf(name, parts), {
      method: described.method,
      headers: headersOf(described, parts, token),
      body: bodyOf(parts),
      signal: parts.signal ?? null,
    });
  } catch (error) {
    if (parts.signal?.aborted === true) throw error;
    throw unreachable();
  }
};

/** A request that may be sent again when its answer was lost: a read, or a create with its key. */
const isRepeatable = ({ method, isIdempotent }: Described): boolean => method === 'GET' || isIdempotent === true;

const sendAgain = async (name: Operation, parts: Parts, token: string | null): Promise<Response> => {
  try {
    return await sendOnce(name, parts, token);
  } catch (error) {
    const wasLost = error instanceof ProblemError && error.code === 'UNREACHABLE';
    if (!wasLost || !isRepeatable(operations[name])) throw error;
    return sendOnce(name, parts, token);
  }
};

const isAway = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.isOutage || error.code === 'UNREACHABLE');
const isRefusal = (error: unknown): boolean =>
  error instanceof ProblemError && (error.parts.status === 401 || error.parts.status === 403);

/** Sends a request with the session's token. Once that has grown too old, or is refused, with the next one. */
const sendSignedIn = async (name: Operation, parts: Parts): Promise<Response> => {
  const token = await currentToken();
  const answer = await sendAgain(name, parts, token);
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  const mayBeStale = token !== null && (problem.code === 'UNAUTHENTICATED' || problem.code === 'SESSION_ENDED');
  if (!mayBeStale || !(await refreshSession())) throw problem;
  return answered(await sendAgain(name, parts, await currentToken()));
};

const answered = async (answer: Response): Promise<Response> => {
  if (answer.ok) return answer;
  throw await problemOf(answer);
};

/** Sends a request as this machine's user alone. */
const sendLocal = async (name: Operation, parts: Parts): Promise<Response> => answered(await sendAgain(name, parts, null));

/**
 * Sends a request as whoever may do it. While the shared part is away, a token that has grown too old gets no next one: what lies on this
 * machine answers its user all the same.
 */
const sendAsEither = async (name: Operation, parts: Parts): Promise<Response> => {
  if (isForCopy(name, parts)) return sendLocal(name, parts);
  try {
    return await sendSignedIn(name, parts);
  } catch (error) {
    if (!isAway(error) || localToken.get() === null || !hasGrownOld()) throw error;
    return sendLocal(name, parts).catch((refusal: unknown) => {
      throw isRefusal(refusal) ? error : refusal;
    });
  }
};

/** Sends a request and returns its successful answer unread. Throws a ProblemError. */
export const send = async (name: Operation, request: Parts = {}): Promise<Response> => {
  if ((operations[name] as Described).isIdempotent !== true) return sendAsEither(name, request);
  const intent = `${name} ${addressOf(name, request)} ${bodyOf(request)}`;
  try {
    const answer = await sendAsEither(name, { key: keyOfIntent(intent), ...request });
    settleIntent(intent);
    return answer;
  } catch (error) {
    // An answer that was lost, or that tells of a fault on its way, leaves open whether the creation was done.
    if (error instanceof ProblemError && error.parts.status > 0 && error.parts.status < 500) settleIntent(intent);
    throw error;
  }
};

/** A text as it was sent: `Response.text()` would leave out a byte order mark. */
const textOf = (bytes: ArrayBuffer): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Calls an operation by its contract and returns the body of its answer. Throws a ProblemError. */
export const call = async <N extends Operation>(name: N, ...[request]: CallArguments<N>): Promise<AnswerOf<N>> => {
  const answer = await send(name, request);
  if (answer.status === 204) return null as AnswerOf<N>;
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return (isJson ? await answer.json() : textOf(await answer.arrayBuffer())) as AnswerOf<N>;
};
