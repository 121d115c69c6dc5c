import { readFile } from 'node:fs/promises';
import { liveInCommunity } from './community-life.ts';
import { createSteps, idOf, type ExpectedEvent, type JourneyParts, type SignedIn, type Steps } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** The file of this repository whose text becomes the script. */
const scriptFile = new URL('../toolchain/install.sh', import.meta.url);
/** The main job from end to end, one request after another. Throws JourneyFailed at the first answer that is not right. */
export const runJourney = async (parts: JourneyParts): Promise<void> => {
  const { terminal } = parts;
  const expected: ExpectedEvent[] = [];
  const steps = createSteps(parts, expected);

  terminal.step('Who answers? The state of the installation');
  await steps.expect('GET', '/v1/installation', { status: 200, has: { state: 'ready' } });

  const owner = await steps.signInOwner();
  const ada = await steps.newcomer('Ada');
  const ben = await steps.newcomer('Ben');
  const communityId = await createCommunityOfTwo(steps, terminal, { ada, ben });
  await shareScript(steps, terminal, { ada, ben, communityId });
  const cleo = await steps.newcomer('Cleo');
  await liveInCommunity(steps, terminal, { ada, ben, cleo, communityId });

  terminal.step('Every one of these is in the audit log');
  for (const event of expected) await steps.findEvent(owner, event);
};

interface Members {
  readonly ada: SignedIn;
  readonly ben: SignedIn;
}

/** Ada's community, with Ben as a viewer. Returns its id. */
const createCommunityOfTwo = async (steps: Steps, terminal: Terminal, { ada, ben }: Members): Promise<string> => {
  terminal.step('Ada creates a community');
  const community = await steps.expect('POST', '/v1/communities', {
    token: ada.token,
    body: { name: 'Night shift' },
    status: 201,
    event: 'community.create',
  });

  terminal.step('Ada invites Ben as a viewer, and he accepts');
  const invite = await steps.expect('POST', `/v1/communities/${idOf(community)}/invites`, {
    token: ada.token,
    body: { role: 'viewer', email: ben.email },
    status: 201,
    event: 'invite.create',
  });
  await steps.expect('POST', '/v1/invites/accept', {
    token: ben.token,
    body: { token: invite['token'] },
    status: 200,
    has: { role: 'viewer' },
    event: 'invite.accept',
  });
  return idOf(community);
};

/** A script in a shared workspace of the community: Ada changes it, Ben may only read it. */
const shareScript = async (
  steps: Steps,
  terminal: Terminal,
  { ada, ben, communityId }: Members & { readonly communityId: string },
): Promise<void> => {
  terminal.step('Ada creates a shared workspace');
  const workspace = await steps.expect('POST', `/v1/communities/${communityId}/workspaces`, {
    token: ada.token,
    body: { name: 'Batch jobs' },
    status: 201,
    has: { mode: 'shared' },
    event: 'workspace.create',
  });

  terminal.step('Ada saves a script, read from tools/toolchain/install.sh');
  const content = await readFile(scriptFile, 'utf8');
  const scripts = `/v1/workspaces/${idOf(workspace)}/scripts`;
  const script = await steps.expect('POST', scripts, {
    token: ada.token,
    body: { name: 'install.sh', language: 'shell', content },
    status: 201,
    has: { version: 1, content },
    event: 'script.create',
  });
  const scriptPath = `${scripts}/${idOf(script)}`;
  await changeScript(steps, terminal, { ada, ben, scriptPath, content });
  await saveWithoutPassword(steps, terminal, { ada, scriptPath, content });
};

/** A CI job changes the script with a personal access token of Ada, until she revokes it. */
const saveWithoutPassword = async (
  steps: Steps,
  terminal: Terminal,
  { ada, scriptPath, content }: { readonly ada: SignedIn; readonly scriptPath: string; readonly content: string },
): Promise<void> => {
  terminal.step('Ada makes a token for her CI, which may read and change scripts and nothing else');
  const created = await steps.expect('POST', '/v1/auth/tokens', {
    token: ada.token,
    body: { name: 'CI of the night batch', permissions: ['script:read', 'script:update'], expiresInDays: 30 },
    status: 201,
    event: 'personal-token.create',
  });
  const token = String(created['token']);
  await changeByToken(steps, terminal, { token, scriptPath, content });
  terminal.step('Ada revokes it');
  const path = `/v1/auth/tokens/${idOf(created)}`;
  await steps.expect('DELETE', path, { token: ada.token, status: 204, event: 'personal-token.revoke' });
  await steps.expectSoon(scriptPath, { token, status: 401, has: { code: 'UNAUTHENTICATED' } });
};

/** Saves with the token what it may save, and tries what it may not. */
const changeByToken = async (
  steps: Steps,
  terminal: Terminal,
  { token, scriptPath, content }: { readonly token: string; readonly scriptPath: string; readonly content: string },
): Promise<void> => {
  terminal.step('The CI saves version 3 with it, without anyone’s password; it may not create a script');
  await steps.expect('PATCH', scriptPath, {
    token,
    body: { content: `${content}# changed by the CI\n` },
    ifMatch: '"2"',
    status: 200,
    has: { version: 3 },
    event: 'script.update',
  });
  await steps.expect('POST', scriptPath.slice(0, scriptPath.lastIndexOf('/')), {
    token,
    body: { name: 'another.sh', language: 'shell', content },
    status: 403,
    has: { code: 'FORBIDDEN' },
    event: 'script.create',
    result: 'denied',
  });
};

/** Two changes of the script on top of one version, and one by a viewer. */
const changeScript = async (
  steps: Steps,
  terminal: Terminal,
  { ada, ben, scriptPath, content }: Members & { readonly scriptPath: string; readonly content: string },
): Promise<void> => {
  terminal.step('Ada changes it: version 2');
  const changed = { content: `${content}# changed by the demonstration\n` };
  await steps.expect('PATCH', scriptPath, {
    token: ada.token,
    body: changed,
    ifMatch: '"1"',
    status: 200,
    has: { version: 2 },
    event: 'script.update',
  });

  terminal.step('A second change on top of version 1 is refused: nobody overwrites what they have not seen');
  await steps.expect('PATCH', scriptPath, {
    token: ada.token,
    body: changed,
    ifMatch: '"1"',
    status: 412,
    has: { code: 'VERSION_MISMATCH' },
  });

  terminal.step('Ben, a viewer, reads it but may not change it');
  await steps.expect('GET', scriptPath, { token: ben.token, status: 200, has: { version: 2 } });
  await steps.expect('PATCH', scriptPath, {
    token: ben.token,
    body: changed,
    ifMatch: '"2"',
    status: 403,
    has: { code: 'FORBIDDEN' },
    event: 'script.update',
    result: 'denied',
  });
};
