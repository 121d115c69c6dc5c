import { exampleBodyOf, syncConflictRoutes } from '@guildhall/contracts';
import type { SeedClient, SeedParts } from './seed-client.ts';
import { createSteps, type Story } from './story-steps.ts';

/** The steps of the stories of copies of shared workspaces. */
const createCopySteps = (client: SeedClient, parts: SeedParts) => {
  const { act, foundCommunity } = createSteps(client, parts);
  const asLocal = { 'x-guildhall-local-token': parts.localToken };
  /** A shared workspace, with a copy of it in the solo file. */
  const copyWorkspace = async () => {
    const { founder, path } = await foundCommunity();
    const { id } = await act(founder, 'POST', `${path}/workspaces`, { name: 'Seeds' });
    const at = `/v1/workspaces/${String(id)}`;
    await act(founder, 'POST', `${at}/clone`, undefined, asLocal);
    return { founder, at };
  };
  /** The path of a conflict: a script that was changed differently in a copy and in the shared workspace. */
  const conflict = async (): Promise<string> => {
    const { founder, path } = await foundCommunity();
    const at = `/v1/workspaces/${String((await act(founder, 'POST', `${path}/workspaces`, { name: 'Seeds' }))['id'])}`;
    const script = await act(founder, 'POST', `${at}/scripts`, { name: 'load.sh', language: 'shell', content: '1' });
    await act(founder, 'POST', `${at}/clone`, undefined, asLocal);
    const scriptAt = `${at}/scripts/${String(script['id'])}`;
    const change = { 'if-match': '"1"' };
    await act(founder, 'PATCH', scriptAt, { content: '2' }, change);
    const own = await client.sendAs(
      null,
      { method: 'PATCH' },
      { path: scriptAt, body: { content: '3' }, headers: { ...change, ...asLocal } },
    );
    if (own.status !== 200) throw new Error(`PATCH ${scriptAt} answered ${own.status}.`);
    const { rows } = (await act(founder, 'POST', `${at}/sync`, undefined, asLocal)) as { rows: { conflictId: string }[] };
    return `${at}/conflicts/${rows[0]?.conflictId ?? ''}`;
  };
  return { act, asLocal, copyWorkspace, conflict };
};

/** Makes the requests of copies of shared workspaces, which have to be there. */
export const copyStories = (client: SeedClient, parts: SeedParts): Readonly<Record<string, Story>> => {
  const { act, asLocal, copyWorkspace, conflict } = createCopySteps(client, parts);
  return {
    syncWorkspace: async () => {
      const { founder, at } = await copyWorkspace();
      return { caller: founder, request: { path: `${at}/sync`, headers: asLocal } };
    },
    undoWorkspaceSync: async () => {
      const { founder, at } = await copyWorkspace();
      const { id } = await act(founder, 'POST', `${at}/sync`, undefined, asLocal);
      return { caller: founder, request: { path: `${at}/sync/${String(id)}/undo`, headers: asLocal } };
    },
    listSyncConflicts: async () => {
      const { at } = await copyWorkspace();
      return { caller: null, request: { path: `${at}/conflicts`, headers: asLocal } };
    },
    getSyncConflict: async () => ({ caller: null, request: { path: await conflict(), headers: asLocal } }),
    resolveSyncConflict: async () => ({
      caller: null,
      request: {
        path: `${await conflict()}/resolve`,
        body: exampleBodyOf(syncConflictRoutes.resolveSyncConflict),
        headers: asLocal,
      },
    }),
    getWorkspaceSync: async () => {
      const { founder, at } = await copyWorkspace();
      const { id } = await act(founder, 'POST', `${at}/sync`, undefined, asLocal);
      return { caller: null, request: { path: `${at}/sync/${String(id)}`, headers: asLocal } };
    },
  };
};
