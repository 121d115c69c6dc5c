import type { HttpClient } from '../../tools/demo/http-client.ts';
import { must, signUp, type User } from '../support/users.ts';
import type { CallerName } from './requests.ts';

export interface Callers {
  readonly owner: User;
  readonly member: User;
  readonly credentialsOf: (caller: CallerName) => Readonly<Record<string, string>>;
  /** Signs a caller in again after an answer of 401: a request has ended the session, or its token has expired. */
  readonly onUnauthenticated: (caller: CallerName) => Promise<void>;
}

export interface CallerParts {
  readonly http: HttpClient;
  readonly mailFolder: string;
  /** Undefined: the installation has an owner, and the owner of this run is a member like any other. */
  readonly setupToken?: string | undefined;
  readonly localToken: string;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Makes a community with both of them, so that the member's routes lead somewhere. */
const joinOneCommunity = async (
  http: HttpClient,
  { owner, member }: Readonly<Record<'owner' | 'member', User>>,
): Promise<void> => {
  const { id } = await must(http, 201, 'POST', '/v1/communities', { token: owner.token, body: { name: 'Fuzz' } });
  const path = `/v1/communities/${String(id)}/invites`;
  const { token } = await must(http, 201, 'POST', path, { token: owner.token, body: { role: 'member' } });
  await must(http, 200, 'POST', '/v1/invites/accept', { token: member.token, body: { token: String(token) } });
};

/** The callers of a run: the owner of the installation, a member, this machine's user, nobody, and one with a made-up token. */
export const createCallers = async ({ http, mailFolder, setupToken, localToken }: CallerParts): Promise<Callers> => {
  const users: Record<'owner' | 'member', User> = {
    owner: await signUp(http, mailFolder, 'Owner', setupToken),
    member: await signUp(http, mailFolder, 'Member'),
  };
  await joinOneCommunity(http, users);
  const renewing = new Map<string, Promise<void>>();
  const renew = async (name: 'owner' | 'member'): Promise<void> => {
    const { email, password } = users[name];
    const { status, body } = await http.send('POST', '/v1/auth/login', { body: { email, password }, isQuiet: true });
    if (status === 200) users[name] = { ...users[name], token: String(body['accessToken']) };
  };
  return {
    owner: users.owner,
    member: users.member,
    credentialsOf: (caller) => {
      if (caller === 'owner' || caller === 'member') return bearer(users[caller].token);
      if (caller === 'local') return { 'x-guildhall-local-token': localToken };
      return caller === 'forger' ? bearer('eyJhbGciOiJub25lIn0.e30.') : {};
    },
    onUnauthenticated: async (caller) => {
      if (caller !== 'owner' && caller !== 'member') return;
      const under = renewing.get(caller) ?? renew(caller).finally(() => renewing.delete(caller));
      renewing.set(caller, under);
      await under;
    },
  };
};
