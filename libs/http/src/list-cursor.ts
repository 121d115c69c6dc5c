import { createHash } from 'node:crypto';
import type { RouteContract } from '@guildhall/contracts';
import { invalidCursor } from '@guildhall/resources';

type Fields = Readonly<Record<string, unknown>>;

/** The list that a request asks for: the parameters of its path, and its query with the filters. */
export interface ListRequest {
  readonly params: Fields;
  readonly query: Fields;
}

/** A list whose positions are bound to it: no other list takes them. */
export interface BoundList {
  /** The query as handlers read it: its cursor is the position alone. Throws INVALID for the cursor of another list. */
  readonly query: Fields;
  /** The body as clients read it: its `nextCursor` is bound to this list. */
  readonly bind: (body: unknown) => unknown;
}

/** True if an operation answers a list page by page. */
const isPaged = ({ query }: RouteContract): boolean => query !== undefined && 'cursor' in query.properties;

/**
 * The cursor of a position in a list: a digest of the operation, the path and the filters, then the position. The digest keeps a
 * client from reading on in another list by mistake; it is no secret and protects nothing.
 */
export const bindCursor = (contract: RouteContract, list: ListRequest, position: string): string =>
  `${digestOf(contract, list)}.${position}`;

/** The list of a request; undefined for an operation that does not answer page by page. */
export const boundListOf = (contract: RouteContract, list: ListRequest): BoundList | undefined => {
  if (!isPaged(contract)) return undefined;
  const prefix = bindCursor(contract, list, '');
  return { query: withPosition(prefix, list.query), bind: (body) => withBoundCursor(prefix, body) };
};

const withPosition = (prefix: string, query: Fields): Fields => {
  const { cursor } = query;
  if (typeof cursor !== 'string') return query;
  if (!cursor.startsWith(prefix)) throw invalidCursor();
  return { ...query, cursor: cursor.slice(prefix.length) };
};

const withBoundCursor = (prefix: string, body: unknown): unknown => {
  const { nextCursor } = body as { readonly nextCursor: string | null };
  return nextCursor === null ? body : { ...(body as Fields), nextCursor: prefix + nextCursor };
};

/** 66 bits. */
const digestCharacters = 11;

const digestOf = ({ name }: RouteContract, { params, query }: ListRequest): string => {
  const list = JSON.stringify([name, entriesOf(params), entriesOf(query)]);
  return createHash('sha256').update(list).digest('base64url').slice(0, digestCharacters);
};

/** The fields that make a list: its pages may differ in size. */
const entriesOf = (fields: Fields): readonly (readonly [name: string, value: unknown])[] =>
  Object.entries(fields)
    .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
