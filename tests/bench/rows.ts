import { createHttpClient } from '../../tools/demo/http-client.ts';
import type { Stack } from '../../tools/dev/stack.ts';
import { foundTeam } from '../support/team.ts';
import { must } from '../support/users.ts';

/** The rows that both sides of the benchmark use. */
export interface Rows {
  readonly gateway: string;
  readonly token: string;
  readonly workspaceId: string;
  readonly scriptId: string;
  readonly scriptPath: string;
  readonly scriptsPath: string;
  /** The body of a create: about a kilobyte of text. */
  readonly script: { readonly name: string; readonly language: string; readonly content: string };
}

const script = { name: 'nightly.sh', language: 'shell', content: 'echo "run the nightly batch"\n'.repeat(35) };

/** A user with a community, a workspace and a script, made through the public API. */
export const prepareRows = async (stack: Stack, mailFolder: string): Promise<Rows> => {
  const gateway = stack.urls.gateway;
  const http = createHttpClient(gateway, () => {});
  const { founder, workspaceId, scripts: scriptsPath } = await foundTeam(http, mailFolder, 'Bench');
  const { token } = founder;
  const created = await must(http, 201, 'POST', scriptsPath, { token, body: script });
  const scriptId = String(created['id']);
  return { gateway, token, workspaceId, scriptId, scriptPath: `${scriptsPath}/${scriptId}`, scriptsPath, script };
};
