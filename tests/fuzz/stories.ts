import { randomUUID } from 'node:crypto';
import { controlMDocumentRoutes, exampleBodyOf, pollRoutes } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { readCode } from '../../tools/demo/mailbox.ts';
import { must, signUp } from '../support/users.ts';
import { signInStories } from './sign-in-stories.ts';
import { copyStories } from './copy-stories.ts';
import type { SeedClient, SeedParts, Trial } from './seed-client.ts';
import { createSteps, type Body, type Story } from './story-steps.ts';

/** Makes the requests of accounts whose examples alone are refused. */
const accountStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, Story>> => {
  const { act, register } = createSteps(client, parts);
  const { owner, member, mailFolder, http } = parts;
  return {
    logIn: async () => ({
      caller: null,
      request: { path: '/v1/auth/login', body: { email: owner.email, password: owner.password } },
    }),
    refresh: async () => {
      const { refreshToken } = await client.signIn(owner);
      return { caller: null, request: { path: '/v1/auth/refresh', body: { refreshToken } } };
    },
    verifyCode: async () => {
      const { email, codeToken } = await register();
      const code = await readCode(mailFolder, email);
      const body = { email, purpose: 'verify_email', codeToken, code };
      return { caller: null, request: { path: '/v1/auth/codes/verify', body } };
    },
    resetPassword: async () => {
      const { email } = await signUp(http, mailFolder, 'Seed');
      const { codeToken } = await must(http, 202, 'POST', '/v1/auth/password/reset-code', { body: { email } });
      const code = await readCode(mailFolder, email, 'sets a new password');
      const body = { email, codeToken, code, newPassword: randomUUID() };
      return { caller: null, request: { path: '/v1/auth/password/reset', body } };
    },
    updateUser: async () => {
      const { userId } = await client.signIn(await signUp(http, mailFolder, 'Seed'));
      const request = { path: `/v1/users/${userId}`, body: { status: 'suspended' }, headers: { 'if-match': '*' } };
      return { caller: await client.signIn(owner), request };
    },
    removeRole: async () => {
      const [caller, { userId }] = [await client.signIn(owner), await client.signIn(member)];
      const path = `/v1/users/${userId}/roles/auditor`;
      await act(caller, 'PUT', path);
      return { caller, request: { path } };
    },
  };
};

/** Makes the requests of accounts that want the password of their own user. */
const ownAccountStories = (client: SeedClient, { mailFolder, http }: SeedParts): Readonly<Record<string, Story>> => {
  const newUser = async () => {
    const user = await signUp(http, mailFolder, 'Seed');
    return { user, caller: await client.signIn(user), newEmail: `seed-${randomUUID().slice(0, 8)}@example.test` };
  };
  const byPassword = (path: string) => async (): Promise<Trial> => {
    const { user, caller } = await newUser();
    return { caller, request: { path, body: { password: user.password } } };
  };
  return {
    eraseMe: byPassword('/v1/auth/me/erase'),
    deactivateMe: byPassword('/v1/auth/me/deactivate'),
    changePassword: async () => {
      const { user, caller } = await newUser();
      const body = { currentPassword: user.password, newPassword: randomUUID() };
      return { caller, request: { path: '/v1/auth/password', body } };
    },
    sendEmailCode: async () => {
      const { user, caller, newEmail } = await newUser();
      return { caller, request: { path: '/v1/auth/me/email/code', body: { newEmail, password: user.password } } };
    },
    changeEmail: async () => {
      const { user, caller, newEmail } = await newUser();
      const asked = { path: '/v1/auth/me/email/code', body: { newEmail, password: user.password } };
      const { codeToken } = (await client.sendAs(caller, { method: 'POST' }, asked)).body as Body;
      const code = await readCode(mailFolder, newEmail);
      return { caller, request: { path: '/v1/auth/me/email', body: { newEmail, codeToken, code } } };
    },
  };
};

/** Makes the requests of communities whose examples alone are refused. */
const communityStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, Story>> => {
  const { act, foundWithTwo, inviteMember } = createSteps(client, parts);
  const answering = (path: string) => async (): Promise<Trial> => {
    const { caller, body } = await inviteMember();
    return { caller, request: { path, body } };
  };
  const withAward = async () => {
    const { founder, path, secondId } = await foundWithTwo();
    return { caller: founder, path: `${path}/trust/awards/${secondId}` };
  };
  return {
    acceptInvite: answering('/v1/invites/accept'),
    declineInvite: answering('/v1/invites/decline'),
    lookAtInvite: answering('/v1/invites/look'),
    updateMember: async () => {
      const { founder, path, secondId } = await foundWithTwo();
      return {
        caller: founder,
        request: { path: `${path}/members/${secondId}`, body: { role: 'admin' }, headers: { 'if-match': '*' } },
      };
    },
    removeMember: async () => {
      const { founder, path, secondId } = await foundWithTwo();
      return { caller: founder, request: { path: `${path}/members/${secondId}` } };
    },
    removeCouncilMember: async () => {
      const { founder, path, secondId } = await foundWithTwo();
      const council = await act(founder, 'POST', `${path}/councils`, { name: 'Seeds' });
      const seat = `${path}/councils/${String(council['id'])}/members/${secondId}`;
      await act(founder, 'PUT', seat);
      return { caller: founder, request: { path: seat } };
    },
    getBallot: async () => {
      const { founder, path } = await foundWithTwo();
      const poll = await act(founder, 'POST', `${path}/polls`, exampleBodyOf(pollRoutes.createPoll) as Body);
      const ballot = `${path}/polls/${String(poll['id'])}/ballot`;
      await act(founder, 'PUT', ballot, exampleBodyOf(pollRoutes.castBallot) as Body);
      return { caller: founder, request: { path: ballot } };
    },
    awardTrust: async () => {
      const { caller, path } = await withAward();
      return { caller, request: { path } };
    },
    withdrawTrustAward: async () => {
      const { caller, path } = await withAward();
      await act(caller, 'PUT', path);
      return { caller, request: { path } };
    },
  };
};

/** Makes the requests of workspaces whose examples alone are refused. */
const workspaceStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, Story>> => {
  const { act, foundCommunity } = createSteps(client, parts);
  const asLocal = { 'x-guildhall-local-token': parts.localToken };
  return {
    shareWorkspace: async () => {
      const { founder, path } = await foundCommunity();
      const made = await client.sendAs(null, { method: 'POST' }, { path: '/v1/workspaces', body: { name: 'Seeds' } });
      const body = { communityId: path.slice(path.lastIndexOf('/') + 1) };
      const { id } = made.body as { id: string };
      return { caller: founder, request: { path: `/v1/workspaces/${id}/share`, body, headers: asLocal } };
    },
    cloneWorkspace: async () => {
      const { founder, path } = await foundCommunity();
      const { id } = await act(founder, 'POST', `${path}/workspaces`, { name: 'Seeds' });
      return { caller: founder, request: { path: `/v1/workspaces/${String(id)}/clone`, headers: asLocal } };
    },
    exportControlMDocument: async () => {
      const { founder, path } = await foundCommunity();
      const workspace = await act(founder, 'POST', `${path}/workspaces`, { name: 'Seeds' });
      const home = `/v1/workspaces/${String(workspace['id'])}/control-m`;
      await act(founder, 'POST', `${home}/import`, exampleBodyOf(controlMDocumentRoutes.importControlM) as Body);
      const { documents } = (await act(founder, 'GET', `${home}/export`)) as { documents: { name: string }[] };
      return {
        caller: founder,
        request: { path: `${home}/export/document?name=${encodeURIComponent(documents[0]?.name ?? '')}` },
      };
    },
  };
};

const sizeOf = (note: string): number => Number(note.split('\n')[1]);

/** The last tile of a level, in the form of C2SP tlog-tiles. */
const lastTile = (size: number): string => {
  const index = String(Math.floor((size - 1) / 256)).padStart(3, '0');
  return size % 256 === 0 ? index : `${index}.p/${size % 256}`;
};

/** Makes the requests of the audit log, whose examples have thousands of entries. */
const auditStories = (client: SeedClient, { baseUrl, owner }: SeedParts): Readonly<Record<string, Story>> => {
  const lastSize = async (): Promise<number> =>
    waitFor(
      async () => {
        const answer = await fetch(`${baseUrl}/v1/audit/log/checkpoint`);
        return answer.ok ? sizeOf(await answer.text()) : undefined;
      },
      { what: 'the log to be signed' },
    );
  return {
    getAuditLogTile: async () => ({ caller: null, request: { path: `/v1/audit/log/tile/0/${lastTile(await lastSize())}` } }),
    getAuditLogEntries: async () => ({
      caller: await client.signIn(owner),
      request: { path: `/v1/audit/log/tile/entries/${lastTile(await lastSize())}` },
    }),
    getAuditConsistency: async () => {
      const size = await lastSize();
      return { caller: await client.signIn(owner), request: { path: `/v1/audit/consistency?from=${size}` } };
    },
  };
};

/** Makes the requests whose examples alone are refused: they name a secret, or a state that nothing has yet. */
export const createStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, Story>> => ({
  ...accountStories(client, parts),
  ...ownAccountStories(client, parts),
  ...signInStories(client, parts),
  ...communityStories(client, parts),
  ...workspaceStories(client, parts),
  ...copyStories(client, parts),
  ...auditStories(client, parts),
});
