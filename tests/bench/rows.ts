import { createHttpClient } from '../../tools/demo/http-client.ts';
import type { Stack } from '../../tools/dev/stack.ts';
import { foundTeam } from '../support/team.ts';
import { must } from '../support/users.ts';

/** The rows that both sides of the benchmark use. */
export interface Rows {
  readonly gateway: string;
  readonly token: string;
  readonly email: string;
  readonly password: string;
  readonly communityPath: string;
  readonly workspaceId: string;
  readonly scriptId: string;
  readonly scriptPath: string;
  readonly scriptsPath: string;
  readonly script: typeof scriptBody;
}

/** The body of a create: about a kilobyte of text. */
export const scriptBody = {
  name: 'nightly.sh',
  language: 'shell',
  content: 'echo "run the nightly batch"\n'.repeat(35),
} as const;

/** A user with a community, a workspace and a script, made through the public API. */
export const prepareRows = async (stack: Stack, mailFolder: string): Promise<Rows> => {
  const gateway = stack.urls.gateway;
  const http = createHttpClient(gateway, () => {});
  const { founder, communityId, workspaceId, scripts: scriptsPath } = await foundTeam(http, mailFolder, 'Bench');
  const { token, email, password } = founder;
  const created = await must(http, 201, 'POST', scriptsPath, { token, body: { ...scriptBody } });
  const scriptId = String(created['id']);
  const scriptPath = `${scriptsPath}/${scriptId}`;
  const communityPath = `/v1/communities/${communityId}`;
  return { gateway, token, email, password, communityPath, workspaceId, scriptId, scriptPath, scriptsPath, script: scriptBody };
};

/** Signs the user of the rows in again. Returns the access token. */
export const signIn = async ({ gateway, email, password }: Rows): Promise<string> => {
  const http = createHttpClient(gateway, () => {});
  const session = await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } });
  return String(session['accessToken']);
};
