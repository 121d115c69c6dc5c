import type { ErrorCode } from '@guildhall/errors';
import { Type, type TObject, type TProperties, type TSchema } from 'typebox';
import { closed } from './fields.ts';
import type { CommunityPermission, GlobalPermission } from './permissions.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A group of operations in the OpenAPI document. */
export interface Tag {
  readonly name: string;
  readonly description: string;
}

/**
 * The contract of one operation (schema-first API): what it takes and what it answers. The owning service validates with it, the gateway
 * documents it, so the two cannot disagree.
 */
export interface RouteContract {
  /** The operation id of the OpenAPI document: camelCase, unique. */
  readonly name: string;
  readonly method: HttpMethod;
  /** The path as the public sees it, with `:name` parameters: `/v1/workspaces/:workspaceId`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TObject;
  /** Bodies of other media types than JSON, with their schemas: each stands for a JSON body. */
  readonly mediaBodies?: Readonly<Record<string, TSchema>>;
  /** The largest body it takes, in bytes; `bodyBytesMaxDefault` where not said. */
  readonly bodyBytesMax?: number;
  /** Every answer that is not a problem: its status and its body, `null` where it has none. */
  readonly responses: Readonly<Record<number, TSchema | null>>;
  /** The media types of a successful answer that is not JSON; its schema is then a text. The first is the default. */
  readonly media?: readonly [string, ...string[]];
  /** Its own error codes: those that `errorsOf` cannot derive from the rest of the contract. */
  readonly errors?: readonly ErrorCode[];
  /** Takes `Idempotency-Key`: the same key and body gets the first answer again for `idempotencyKeyHours`. */
  readonly isIdempotentCreate?: boolean;
  /** Requires `If-Match: "<version>"` (RFC 9110, section 13.1.1): optimistic locking. */
  readonly isVersioned?: boolean;
  /** Answers the version as `ETag: "<version>"` (RFC 9110, section 8.8.3). */
  readonly answersVersion?: boolean;
  /** A read whose answers change without their version, so that who has the version may have an old answer: it is never answered 304. */
  readonly changesBetweenVersions?: true;
  /** Its answers hold secrets beside texts that others may choose: they are never compressed. */
  readonly carriesSecrets?: true;
  /** Its bytes are texts, though their media type does not say so: they are compressed like texts. */
  readonly hasTextInBytes?: true;
  /** Open to anyone: pages of every site may read its answers (CORS, `access-control-allow-origin: *`). */
  readonly isOpenToPages?: true;
  /**
   * The path of what it creates, sent as `Location` (RFC 9110, section 10.2.2): `:id` is the new id, other parameters are those
   * of its own path.
   */
  readonly location?: `/${string}/:id`;
  /** Takes and sets the cookie of a browser's session, and the gateway passes it on: no other route sees a cookie. */
  readonly takesSessionCookie?: true;
  /** Takes `Last-Event-ID`: the stream continues behind the event that the client saw last. */
  readonly takesLastEventId?: boolean;
}

/** The time for which an Idempotency-Key is remembered with its first answer, in hours. */
export const idempotencyKeyHours = 24;

/** The largest body of an operation that does not say otherwise, in bytes. */
export const bodyBytesMaxDefault = 262_144;

/** The largest body that an operation takes, in bytes. */
export const bodyBytesMaxOf = ({ bodyBytesMax }: RouteContract): number => bodyBytesMax ?? bodyBytesMaxDefault;

/** The resource that the audit events of an operation name. */
export type AuditSubject =
  | {
      readonly type: string;
      /** The parameter of the path, or else of the query, that holds its id. */
      readonly parameter: string;
      /** The id where an optional parameter is absent. */
      readonly id?: string;
    }
  /** The one id there is, or `new` for a resource that the operation creates. */
  | { readonly type: string; readonly id: string };

/** The contract of an operation that clients call through the gateway, with what the audit trail and access control need. */
export interface PublicContract extends RouteContract {
  readonly tag: Tag;
  /** The permission that the caller needs where the operation's scope asks for one; absent where everyone in scope may. */
  readonly permission?: GlobalPermission | CommunityPermission;
  /** The permission that a personal access token needs where the operation asks nobody for one; without it no token may call it. */
  readonly tokenPermission?: CommunityPermission;
  /** The action that audit events of this operation name, granted or denied: `noun.verb`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /**
   * Fresh authorization: the caller's right is asked of the service that keeps it when the request arrives, not read from a token or a cache:
   * what the operation does cannot be taken back.
   */
  readonly confirmsRight?: true;
  /** A success may change who belongs to a community, or as what: cached memberships are dropped. */
  readonly changesMemberships?: true;
  /** Example values where those of the fields do not make a valid whole. */
  readonly example?: { readonly body?: unknown; readonly answer?: unknown };
}

type Drafted = 'name' | 'tag' | 'params' | 'query' | 'body';

/** A contract as a group takes it: fields in place of objects, named by its key. */
interface Draft extends Omit<PublicContract, Drafted> {
  readonly params?: TProperties;
  readonly query?: TProperties;
  /** Fields, or an object made by `atLeastOne`. */
  readonly body?: TProperties | TObject;
}

type ObjectOf<F> = F extends TObject ? F : F extends TProperties ? TObject<F> : never;

type Grouped<Name, D extends Draft> = Omit<D, Drafted> & { readonly name: Name; readonly tag: Tag } & {
  readonly [Part in 'params' | 'query' | 'body' as D[Part] extends object ? Part : never]: ObjectOf<D[Part]>;
};

const objectOf = (fields: TProperties | TObject): TObject => (Type.IsObject(fields) ? fields : closed(fields));

const partsOf = (draft: Draft): Partial<Pick<RouteContract, 'params' | 'query' | 'body'>> => ({
  ...(draft.params === undefined ? {} : { params: objectOf(draft.params) }),
  ...(draft.query === undefined ? {} : { query: objectOf(draft.query) }),
  ...(draft.body === undefined ? {} : { body: objectOf(draft.body) }),
});

/**
 * The contracts of one noun: each is named by its key and carries the group's tag; its parameters, query and body become
 * closed objects, which refuse fields that they do not name.
 */
export const group = <const D extends Readonly<Record<string, Draft>>>(
  tag: Tag,
  drafts: D,
): { readonly [Name in keyof D]: Grouped<Name, D[Name]> } =>
  Object.fromEntries(Object.entries(drafts).map(([name, draft]) => [name, { ...draft, name, tag, ...partsOf(draft) }])) as never;

/** Keeps the literal type of an internal operation's contract, so that handlers are checked against its schemas. */
export const route = <const R extends RouteContract>(contract: R): R => contract;
