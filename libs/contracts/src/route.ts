import type { ErrorCode } from '@guildhall/errors';
import type { TObject, TSchema } from 'typebox';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One operation of the public HTTP API: what it takes, what it answers. The owning service validates with it, the
 * gateway documents it, so the two cannot disagree. Who may call it is said where it is served, not here.
 */
export interface RouteContract {
  /** The operation id of the OpenAPI document: camelCase, unique. */
  readonly name: string;
  readonly method: HttpMethod;
  /** The path as the public sees it, with `:name` parameters: `/v1/workspaces/:workspaceId`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TObject;
  /** Every answer that is not a problem: its status and its body, `null` where it has none. */
  readonly responses: Readonly<Record<number, TSchema | null>>;
  /** The media type of a successful answer that is no JSON, `text/event-stream`; its schema is then a text. */
  readonly media?: string;
  /** Codes this operation can answer beyond those that every operation can (see `commonErrors`). */
  readonly errors: readonly ErrorCode[];
  /** Takes `Idempotency-Key`: the same key and body answers the first answer for 24 hours. */
  readonly isIdempotentCreate?: boolean;
  /** Wants `If-Match: "<version>"` (RFC 9110, section 13.1.1). */
  readonly isVersioned?: boolean;
}

/** What any operation can answer, whatever it does. */
export const commonErrors = ['INVALID', 'RATE_LIMITED', 'INTERNAL'] as const satisfies readonly ErrorCode[];

/** Gives a route contract its literal type, so that handlers are checked against its schemas. */
export const route = <const R extends RouteContract>(contract: R): R => contract;
