import type { Static, TSchema } from 'typebox';
import type { RouteContract } from './route.ts';

type Input<C, Part extends string> = C extends { readonly [P in Part]: infer S extends TSchema }
  ? { readonly [P in Part]: Readonly<Static<S>> }
  : unknown;

/** The parameters of a path; nothing where it has none. */
type ParamsOf<C> = C extends { readonly params: infer S extends TSchema }
  ? object extends Static<S>
    ? unknown
    : { readonly params: Readonly<Static<S>> }
  : unknown;

/** A query whose fields are all optional may be left out. */
type QueryOf<C> = C extends { readonly query: infer S extends TSchema }
  ? Partial<Static<S>> extends Static<S>
    ? { readonly query?: Readonly<Static<S>> }
    : { readonly query: Readonly<Static<S>> }
  : unknown;

type VersionOf<C> = C extends { readonly isVersioned: true } ? { readonly version: number } : unknown;

/** The parts of a request, as a client that calls by contract gives them; `version` is sent as `If-Match`. */
export type RequestOf<C extends RouteContract> = ParamsOf<C> & QueryOf<C> & Input<C, 'body'> & VersionOf<C>;

type BodyOf<S> = S extends TSchema ? Static<S> : null;

/** The bodies of the successful answers of an operation; null for one without. */
export type AnswerBodyOf<C extends RouteContract> = C extends { readonly media: readonly string[] }
  ? string
  : BodyOf<C['responses'][keyof C['responses']]>;
