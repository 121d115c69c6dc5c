import type { RouteContract } from '@guildhall/contracts';
import type { OperationAnswer } from './operation.ts';
import { isNotModified, versionTag } from './preconditions.ts';
import { representationHeadersOf } from './representation.ts';
import { setCookieField } from './session-cookie.ts';

/** The parts of a request that its answer depends on. */
export interface AnsweredRequest {
  readonly method: string;
  readonly params: unknown;
  readonly ifNoneMatch: string | undefined;
}

/** Status and header fields of an answer, whichever transport sends it. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The head of an answer: 304 without a body for a conditional read of what has not changed (RFC 9110, section 15.4.5). */
export const responseHeadOf = (contract: RouteContract, request: AnsweredRequest, answer: OperationAnswer): ResponseHead => {
  const etag: Record<string, string> = typeof answer.version === 'number' ? { etag: versionTag(answer.version) } : {};
  if (contract.changesBetweenVersions !== true && isCurrent(request, answer.version)) return { status: 304, headers: etag };
  return {
    status: answer.status,
    headers: {
      ...etag,
      ...(answer.createdId === undefined ? {} : { location: locationOf(contract, request.params, answer.createdId) }),
      ...(answer.sessionCookie === undefined ? {} : { 'set-cookie': setCookieField(answer.sessionCookie) }),
      ...(answer.jsonText === undefined ? {} : { 'content-type': jsonMediaType }),
      ...representationHeadersOf(contract, answer),
    },
  };
};

export const jsonMediaType = 'application/json; charset=utf-8';

/** Whether a read is conditional on a change, and nothing has changed. */
const isCurrent = ({ method, ifNoneMatch }: AnsweredRequest, version: OperationAnswer['version']): boolean =>
  typeof version === 'number' && (method === 'GET' || method === 'HEAD') && isNotModified(ifNoneMatch, version);

/** The path of what a request has created. */
const locationOf = ({ location }: RouteContract, params: unknown, id: string): string => {
  if (location === undefined) throw new Error('An answer names what it has created, but its contract has no location.');
  const values: Readonly<Record<string, string>> = { ...(params as Record<string, string>), id };
  return location.replaceAll(/:(\w+)/g, (_parameter, name: string) => encodeURIComponent(values[name] ?? ''));
};
