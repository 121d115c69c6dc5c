import { send, type AnswerOf, type CallOf, type Operation } from './call.ts';

/** An answer whose version stands in its entity tag alone. */
export interface Versioned<Body> {
  readonly body: Body;
  readonly version: number;
}

/** Calls an operation that answers a version, and returns that beside the body. Throws a ProblemError. */
export const callVersioned = async <N extends Operation>(name: N, request: CallOf<N>): Promise<Versioned<AnswerOf<N>>> => {
  const answer = await send(name, request);
  const body = (await answer.json()) as AnswerOf<N>;
  return { body, version: Number(/\d+/.exec(answer.headers.get('etag') ?? '')?.[0]) };
};
