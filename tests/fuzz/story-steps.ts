import { randomUUID } from 'node:crypto';
import { must } from '../support/users.ts';
import type { SeedClient, SeedParts, SignedIn, Trial } from './seed-client.ts';

export type Story = () => Promise<Trial>;
export type Body = Readonly<Record<string, unknown>>;

/** The steps of the stories: each throws an Error unless it succeeds. */
export const createSteps = ({ gateway, signIn, sendAs }: SeedClient, { owner, member, http }: SeedParts) => {
  const act = async (
    caller: SignedIn,
    method: string,
    path: string,
    body?: Body,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const answer = await sendAs(caller, { method }, { path, body, headers });
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return (answer.body ?? {}) as Body;
  };
  /** A community of the owner, with the member as its second owner. */
  const foundCommunity = async () => {
    const founder = await signIn(owner);
    const path = `/v1/communities/${String((await act(founder, 'POST', '/v1/communities', { name: 'Seeds' }))['id'])}`;
    return { founder, path };
  };
  const foundWithTwo = async () => {
    const { founder, path } = await foundCommunity();
    const second = await gateway.newOwner?.(path.slice(path.lastIndexOf('/') + 1));
    return { founder, path, secondId: second?.userId ?? '' };
  };
  /** An invite to the member, and its token. */
  const inviteMember = async () => {
    const { founder, path } = await foundCommunity();
    const invite = await act(founder, 'POST', `${path}/invites`, { role: 'member', email: member.email });
    return { caller: await signIn(member), body: { token: String(invite['token']) } };
  };
  /** A registration that waits for its code. */
  const register = async (): Promise<{ readonly email: string; readonly codeToken: string }> => {
    const email = `seed-${randomUUID().slice(0, 8)}@example.test`;
    const body = { email, password: randomUUID(), displayName: 'Seed' };
    const { codeToken } = await must(http, 202, 'POST', '/v1/auth/register', { body });
    return { email, codeToken: String(codeToken) };
  };
  return { act, foundCommunity, foundWithTwo, inviteMember, register };
};
