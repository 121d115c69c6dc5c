import type { HttpClient } from '../../tools/demo/http-client.ts';
import { must, signUp, type User } from './users.ts';

export interface Team {
  readonly founder: User;
  readonly communityId: string;
  readonly workspaceId: string;
  /** The path of the workspace's scripts. */
  readonly scripts: string;
}

/** A new user with a community of their own and a workspace in it, made through the public API. */
export const foundTeam = async (http: HttpClient, mailFolder: string, name: string): Promise<Team> => {
  const founder = await signUp(http, mailFolder, name);
  const { token } = founder;
  const community = await must(http, 201, 'POST', '/v1/communities', { token, body: { name: `${name}'s` } });
  const communityId = String(community['id']);
  const workspace = await must(http, 201, 'POST', `/v1/communities/${communityId}/workspaces`, { token, body: { name: 'Jobs' } });
  const workspaceId = String(workspace['id']);
  return { founder, communityId, workspaceId, scripts: `/v1/workspaces/${workspaceId}/scripts` };
};
