import type { AnswerBodyOf, RequestOf } from '@guildhall/contracts';
import { copiesAtWork } from './copies-at-work.ts';
import { newId } from './ids.ts';
import { localToken } from './local-token.ts';
import { operations, type Contracts } from './operations.ts';
import { ProblemError, problemOf, unreachable } from './problem.ts';
import { currentToken, refreshSession } from './session.ts';

export type Operation = keyof typeof operations;
export type AnswerOf<N extends Operation> = AnswerBodyOf<Contracts[N]>;

/** The parts of a request that no contract has. */
interface Extra {
  readonly signal?: AbortSignal | undefined;
  readonly setupToken?: string | null;
  readonly lastEventId?: string | null;
  /** A key of its own for one intent: a repeated request then creates nothing twice. A fresh one where none is given. */
  readonly key?: string;
  /** Sends the token of this machine's user alone: what lies on this machine answers, though somebody is signed in. */
  readonly isLocalAlone?: boolean;
  /** The body as JSON text, in place of `body`: what an object of JavaScript would not keep, such as the form of numbers. */
  readonly json?: string;
}

export type CallOf<N extends Operation> = RequestOf<Contracts[N]> & Extra;
/** The request of an operation; it may be left out where nothing in it is required. */
export type CallArguments<N extends Operation> =
  object extends RequestOf<Contracts[N]> ? [request?: CallOf<N>] : [request: CallOf<N>];

interface Parts extends Extra {
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

const sendOnce = async (name: Operation, parts: Parts): Promise<Response> => {
  const described: Described = operations[name];
  const token = isForCopy(name, parts) ? null : await currentToken();
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

const sendAgain = async (name: Operation, parts: Parts): Promise<Response> => {
  try {
    return await sendOnce(name, parts);
  } catch (error) {
    const wasLost = error instanceof ProblemError && error.code === 'UNREACHABLE';
    if (!wasLost || !isRepeatable(operations[name])) throw error;
    return sendOnce(name, parts);
  }
};

/** Sends a request and returns its successful answer unread. Throws a ProblemError. */
export const send = async (name: Operation, request: Parts = {}): Promise<Response> => {
  const parts: Parts = { key: newId(), ...request };
  const hadToken = !isForCopy(name, parts) && (await currentToken()) !== null;
  const answer = await sendAgain(name, parts);
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  const mayBeStale = hadToken && (problem.code === 'UNAUTHENTICATED' || problem.code === 'SESSION_ENDED');
  if (!mayBeStale || !(await refreshSession())) throw problem;
  const second = await sendAgain(name, parts);
  if (second.ok) return second;
  throw await problemOf(second);
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
