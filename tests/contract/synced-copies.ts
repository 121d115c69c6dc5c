import { randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import type { Script, WorkspaceSync } from '@guildhall/contracts';
import { expect } from 'vitest';
import {
  ask,
  startTestGateway,
  type Answered,
  type Asked,
  type TestGateway,
} from '../../services/gateway/test/support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../../services/gateway/test/support/team.ts';
import { seedCommunity, seedMember } from '../../services/team-resources/test/support/team-database.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';

/** Gateways, each with a solo file of its own, before a real team-resources; auth and audit are stood in for. */
export interface SyncedCopies {
  readonly team: StandInTeam;
  readonly gateways: readonly TestGateway[];
  readonly communityId: string;
  /** The token of a new member with this role. */
  member(role: 'owner' | 'member' | 'viewer'): Promise<string>;
  stop(): Promise<void>;
}

export const startSyncedCopies = async (count: number): Promise<SyncedCopies> => {
  const fixture = await startFixture();
  const team = await startStandInTeam();
  const env = { ...team.env, TEAM_RESOURCES_URL: fixture.url };
  const gateways = await Promise.all(Array.from({ length: count }, () => startTestGateway(env)));
  const { communityId } = await seedCommunity(fixture.tables);
  const member: SyncedCopies['member'] = async (role) => {
    const userId = randomUUID();
    await seedMember(fixture.tables, communityId, userId, role);
    return await team.issuer.sign({ userId });
  };
  const token = await member('viewer');
  for (const { url } of gateways) {
    await waitFor(async () => (await ask(`${url}/v1/communities`, { token })).status === 200, {
      what: 'the gateway to know its services',
    });
  }
  const stop = async (): Promise<void> => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await team.stop();
    await fixture.close();
  };
  return { team, gateways, communityId, member, stop };
};

export type Kind = 'scripts' | 'control-m/folders';

/** A document as tests look at it: without who saved it, when and as which version. */
export const contentsOf = ({ body }: Answered) => {
  const { name, language, description, tags, content, definition } = body as Partial<Script> & { readonly definition?: unknown };
  return { name, language, description, tags, content, definition };
};

const pathOf = (kind: Kind, documentId: string): string => `/${kind}/${documentId}`;

/** A workspace on one gateway: with `token` the shared one, without it the copy. */
export const workspaceOn = ({ url }: TestGateway, id: string, token?: string) => {
  const at = `${url}/v1/workspaces/${id}`;
  const send = (path: string, asked: Asked = {}) => ask(`${at}${path}`, { ...asked, token });
  const versionOf = async (path: string): Promise<number> => ((await send(path)).body as { version: number }).version;
  const changed = async (path: string, asked: Asked): Promise<Answered> => {
    const answer = await send(path, { ...asked, headers: { 'if-match': `"${await versionOf(path)}"` } });
    expect([path, answer.status]).toEqual([path, asked.method === 'DELETE' ? 204 : 200]);
    return answer;
  };
  return {
    send,
    async create(kind: Kind, body: object): Promise<string> {
      const answer = await send(`/${kind}`, { method: 'POST', body });
      expect(answer.status).toBe(201);
      return (answer.body as { id: string }).id;
    },
    read: (kind: Kind, documentId: string) => send(pathOf(kind, documentId)),
    patch: (kind: Kind, documentId: string, body: object) => changed(pathOf(kind, documentId), { method: 'PATCH', body }),
    remove: (kind: Kind, documentId: string) => changed(pathOf(kind, documentId), { method: 'DELETE' }),
    restore: (kind: Kind, documentId: string) => send(`${pathOf(kind, documentId)}/restore`, { method: 'POST' }),
    async versions(kind: Kind, documentId: string): Promise<number> {
      const { body } = await send(`${pathOf(kind, documentId)}/versions`);
      return (body as { items: unknown[] }).items.length;
    },
  };
};

/** The rows of a synchronisation as `name action reason state`, in the order of their names. */
export const rowsOf = ({ body }: Answered): readonly string[] =>
  (body as WorkspaceSync).rows.map(({ name, action, reason, state }) => `${name} ${action} ${reason} ${state}`).toSorted();

/** A folder with two jobs, of which one runs the command. */
export const folder = (command: string, more: object = {}) => ({
  Type: 'Folder',
  Load: { Type: 'Job:Command', Command: command, RunAs: 'orders' },
  Print: { Type: 'Job:Command', Command: 'print', RunAs: 'orders' },
  ...more,
});
export const script = (name: string, content = 'echo 1\n') => ({ name, language: 'shell', content });

/** A shared workspace with a script, a folder and more scripts, and copies of it on two machines. */
export const cloneFor = async ({ gateways, communityId }: SyncedCopies, token: string, more: readonly string[] = []) => {
  const [first, second] = gateways;
  if (first === undefined || second === undefined) throw new Error('There are two gateways.');
  const made = await ask(`${first.url}/v1/communities/${communityId}/workspaces`, {
    method: 'POST',
    token,
    body: { name: 'Night' },
  });
  const { id } = made.body as { id: string };
  const shared = workspaceOn(first, id, token);
  const scriptId = await shared.create('scripts', { ...script('load.sh'), description: 'Loads.', tags: ['nightly'] });
  const folderId = await shared.create('control-m/folders', { name: 'NIGHT', definition: folder('load') });
  const others: string[] = [];
  for (const name of more) others.push(await shared.create('scripts', script(name)));
  for (const machine of [first, second]) {
    expect((await ask(`${machine.url}/v1/workspaces/${id}/clone`, { method: 'POST', token })).status).toBe(200);
  }
  const machineOf = (gateway: TestGateway) => ({
    ...workspaceOn(gateway, id),
    sync: (as = token) => workspaceOn(gateway, id, as).send('/sync', { method: 'POST' }),
    plan: (as = token) => workspaceOn(gateway, id, as).send('/sync?dryRun=true', { method: 'POST' }),
  });
  const undo = (syncId: string | null) => shared.send(`/sync/${String(syncId)}/undo`, { method: 'POST' });
  return { id, shared, mine: machineOf(first), other: machineOf(second), scriptId, folderId, others, undo };
};
