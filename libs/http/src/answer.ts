import type { RouteContract } from '@guildhall/contracts';
import type { Static, TSchema } from 'typebox';
import type { SetCookie } from './session-cookie.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

type SuccessStatus<Responses> = {
  [S in keyof Responses]: S extends number ? (`${S}` extends `2${string}` ? S : never) : never;
}[keyof Responses];

type JsonBody<S> = S extends TSchema
  ? { readonly body: DeepReadonly<Static<S>> } | { /** The body as JSON text, sent as it is. */ readonly jsonText: string }
  : { readonly body?: never };

/** A text or bytes; or a stream, sent with backpressure: if it fails, the connection is closed before the end of the answer. */
type MediaBody = string | Uint8Array | ReadableStream<string> | ReadableStream<Uint8Array>;

type BodyOf<C extends RouteContract> = C extends { readonly media: readonly string[] }
  ? {
      readonly body: MediaBody;
      /** One of the contract's media types; its first when not given. */
      readonly mediaType?: string;
      /** The name under which a client saves the body. */
      readonly fileName?: string;
    }
  : JsonBody<C['responses'][SuccessStatus<C['responses']>]>;

type VersionOf<C extends RouteContract> = C extends { readonly answersVersion: true }
  ? { /** Sent as `ETag: "<version>"`; null for an answer that is not the resource itself. */ readonly version: number | null }
  : { readonly version?: never };

type CreatedIdOf<C extends RouteContract> = C extends { readonly location: string }
  ? { /** The id of what was created, for `Location`. */ readonly createdId: string }
  : { readonly createdId?: never };

/**
 * The time for which an answer may be used again by whoever keeps it, a shared cache included: a number of seconds, for ever because it never
 * changes (`immutable`), or after it was asked for again (`revalidate`).
 */
export type Freshness = number | 'immutable' | 'revalidate';

type SessionCookieOf<C extends RouteContract> = C extends { readonly takesSessionCookie: true }
  ? { /** The session cookie that the browser keeps from now on. */ readonly sessionCookie?: SetCookie }
  : { readonly sessionCookie?: never };

/** The answer to one request, as its contract says: the body of a success, and the version where the contract answers one. */
export type Answer<C extends RouteContract> = BodyOf<C> &
  VersionOf<C> &
  CreatedIdOf<C> &
  SessionCookieOf<C> & {
    /** The contract's lowest 2xx status when not given. */
    readonly status?: SuccessStatus<C['responses']>;
    /** The time for which it may be kept; nobody keeps it when not given. */
    readonly freshness?: Freshness;
  };
