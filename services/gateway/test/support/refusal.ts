import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { PublicRoute } from '../../src/route-table.ts';
import { ask, fromOutside, type Answered } from './gateway.ts';
import { communityId, workspaceId, type Passed, type StandInTeam } from './team.ts';

/** The refusals of the gateway, word for word: what clients and people have learnt to read. */
const refusals = {
  NOT_CONFIGURED: [
    503,
    'No shared database is set up',
    'This installation works solo: no shared database is set up, so team routes cannot be served.',
    '60',
  ],
  SHARED_DB_UNAVAILABLE: [
    503,
    'The shared database is unavailable',
    'The shared database cannot be reached right now. Personal workspaces go on working.',
    '2',
  ],
  SERVICE_UNAVAILABLE: [503, 'A service is unavailable', 'The service behind this route does not answer right now.', '2'],
  NO_TOKEN: [401, 'Sign in first', 'Sign in first: send a bearer access token.', null],
  NO_INSTALLER: [
    401,
    'Sign in first',
    "Sign in with the permission installation:manage, or send this machine's local token as x-guildhall-local-token.",
    null,
  ],
  BAD_TOKEN: [401, 'Sign in first', 'The access token is invalid or has expired. Refresh it or sign in again.', null],
  ENDED_SESSION: [401, 'The session has ended', 'This session has ended. Sign in again.', null],
  NOT_LOCAL: [
    403,
    'Not allowed',
    "Solo workspaces are for this machine's user: send the local token, the content of the gateway's LOCAL_TOKEN_FILE, as x-guildhall-local-token. For others there are shared workspaces.",
    null,
  ],
  NOT_FOUND: [404, 'Not found', 'There is nothing at this address, or it is not for you to see.', null],
} as const satisfies Record<string, readonly [status: number, title: string, detail: string, retryAfter: string | null]>;

export type RefusalName = keyof typeof refusals;

const codes: Partial<Record<RefusalName, string>> = {
  NO_TOKEN: 'UNAUTHENTICATED',
  NO_INSTALLER: 'UNAUTHENTICATED',
  BAD_TOKEN: 'UNAUTHENTICATED',
  ENDED_SESSION: 'SESSION_ENDED',
  NOT_LOCAL: 'FORBIDDEN',
};

/** A gateway and the stand-ins behind it. */
export interface Place {
  readonly url: string;
  readonly team: StandInTeam;
}

export interface Called {
  readonly answer: Answered;
  readonly requestId: string;
  /** The requests that reached a service. */
  readonly passed: readonly Passed[];
}

/** The route's path with the one community and workspace that the stand-ins know, and any other id. */
const filled = (template: string): string =>
  template
    .replace(':communityId', communityId)
    .replace(':workspaceId', workspaceId)
    .replaceAll(/:\w+/g, '33333333-3333-4333-8333-333333333333');

/** Calls a route as someone on another machine. */
export const callRoute = async ({ url, team }: Place, { contract }: PublicRoute, token?: string): Promise<Called> => {
  const requestId = randomUUID();
  const headers = { ...fromOutside, 'x-request-id': requestId };
  const earlier = team.passed.length;
  const answer = await ask(`${url}${filled(contract.path)}`, { method: contract.method, token, headers });
  return { requestId, answer, passed: team.passed.slice(earlier).filter((one) => one.headers['x-request-id'] === requestId) };
};

/** The whole answer: status, media type, Retry-After, request id and every word of the body; and no service heard of it. */
const expectProblem = (
  { answer, requestId, passed }: Called,
  problem: { status: number; code: string; title: string; detail: string; retryAfter: string | null },
): void => {
  const { retryAfter, ...body } = problem;
  const { status, headers } = answer;
  expect({
    status,
    type: headers.get('content-type'),
    retryAfter: headers.get('retry-after'),
    requestId: headers.get('x-request-id'),
    body: answer.body,
    passed,
  }).toEqual({
    status: problem.status,
    type: 'application/problem+json; charset=utf-8',
    retryAfter,
    requestId,
    body: { type: 'about:blank', ...body, requestId },
    passed: [],
  });
};

export const expectRefusal = (called: Called, name: RefusalName): void => {
  const [status, title, detail, retryAfter] = refusals[name];
  expectProblem(called, { status, code: codes[name] ?? name, title, detail, retryAfter });
};

export const expectForbidden = (called: Called, permission: string): void => {
  const detail = `This needs the permission ${permission}, which your role does not hold.`;
  expectProblem(called, { status: 403, code: 'FORBIDDEN', title: 'Not allowed', detail, retryAfter: null });
};

/** Says in its body what it says in Retry-After: whole seconds, of a minute at most. */
export const expectRateLimited = (called: Called): void => {
  const said = Number(called.answer.headers.get('retry-after'));
  const seconds = Math.min(Math.max(Math.ceil(said), 1), 60);
  expectProblem(called, {
    status: 429,
    code: 'RATE_LIMITED',
    title: 'Too many requests',
    detail: `Too many requests. Try again in ${seconds} s.`,
    retryAfter: String(seconds),
  });
};

const refusedStatuses = new Set([401, 403, 404, 429, 503]);

/** Expects that the request was admitted: it reached its service once or, if the gateway answers itself, was not refused. */
export const expectAdmitted = ({ answer, passed }: Called, { contract, service }: PublicRoute): void => {
  const reached = passed.map((one) => [one.service, one.method]);
  if (service !== 'gateway') expect([answer.status, reached]).toEqual([200, [[service, contract.method]]]);
  else expect([contract.name, refusedStatuses.has(answer.status)]).toEqual([contract.name, false]);
};
