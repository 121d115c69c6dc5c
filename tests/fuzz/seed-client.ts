import { randomUUID } from 'node:crypto';
import type { HttpClient } from '../../tools/demo/http-client.ts';
import { send, type Caller, type RouteAnswer, type RouteRequest, type RoutedService } from '../contract/route-client.ts';
import { must, type User } from '../support/users.ts';

export interface SeedParts {
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly mailFolder: string;
  readonly localToken: string;
  readonly owner: User;
  readonly member: User;
}

export interface SignedIn extends Caller {
  readonly refreshToken: string;
}

/** A request that is meant to succeed, and who sends it: this machine's user, where it is null. */
export interface Trial {
  readonly caller: Caller | null;
  readonly request: RouteRequest;
}

/** The gateway as the contract suites see a service, with sessions of the two users of a run. */
export interface SeedClient {
  readonly gateway: RoutedService;
  signIn(user: User): Promise<SignedIn>;
  /** Sends a request as a caller; as this machine's user without one. */
  sendAs(caller: Caller | null, contract: { readonly method: string }, request: RouteRequest): Promise<RouteAnswer>;
}

/** The claims of an access token, as its payload states them. */
const claimsOf = (token: string): { readonly sub: string; readonly sid: string } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { readonly sub: string; readonly sid: string };

export const createSeedClient = ({ baseUrl, http, localToken, owner, member }: SeedParts): SeedClient => {
  const tokens = new Map<string, string>();
  const credentialsOf = (sessionId: string): Record<string, string> => ({
    authorization: `Bearer ${tokens.get(sessionId) ?? ''}`,
  });

  const signIn = async ({ email, password }: User): Promise<SignedIn> => {
    const body = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
    const { sub: userId, sid: sessionId } = claimsOf(String(body['accessToken']));
    tokens.set(sessionId, String(body['accessToken']));
    return { userId, sessionId, refreshToken: String(body['refreshToken']) };
  };
  const owners = new Map<string, Promise<Caller>>();
  /** The member joins as an admin, and is made an owner. */
  const makeOwner = async (communityId: string): Promise<Caller> => {
    const [first, second] = [await signIn(owner), await signIn(member)];
    const [token, path] = [tokens.get(first.sessionId), `/v1/communities/${communityId}`];
    const invite = await must(http, 201, 'POST', `${path}/invites`, { token, body: { role: 'admin' } });
    const accepting = { token: tokens.get(second.sessionId), body: { token: String(invite['token']) } };
    await must(http, 200, 'POST', '/v1/invites/accept', accepting);
    await must(http, 200, 'PATCH', `${path}/members/${second.userId}`, { token, body: { role: 'owner' }, ifMatch: '"1"' });
    return second;
  };
  const gateway: RoutedService = {
    url: baseUrl,
    asPrincipal: async (principal) => credentialsOf(principal?.sessionId ?? ''),
    asClient: async () => ({}),
    newCaller: () => signIn(owner),
    newOwner: (communityId) => {
      const made = owners.get(communityId) ?? makeOwner(communityId);
      owners.set(communityId, made);
      return made;
    },
    close: async () => {},
  };
  return {
    gateway,
    signIn,
    sendAs: (caller, contract, request) => {
      const credentials = caller === null ? { 'x-guildhall-local-token': localToken } : credentialsOf(caller.sessionId);
      return send(baseUrl, contract, {
        ...request,
        headers: { 'x-request-id': `seed-${randomUUID()}`, ...credentials, ...request.headers },
      });
    },
  };
};
