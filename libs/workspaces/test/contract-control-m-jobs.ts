import type { ControlMImport } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { foldersUrl, noSuch, type Contract } from './contract-server.ts';

const document = {
  Defaults: { RunAs: 'batch', Application: 'orders' },
  LOAD: {
    Type: 'Folder',
    Host: 'hosts-a',
    Fetch: {
      Type: 'Job:Script',
      FileName: 'fetch.sh',
      FilePath: '/opt/bin',
      out: { Type: 'AddEvents', Events: [{ Event: 'fetched' }] },
      When: { RuleBasedCalendars: { Included: ['WORKDAYS'] } },
    },
    Store: {
      Type: 'Job:Database:SQLScript',
      SQLScript: '/opt/sql/store.sql',
      ConnectionProfile: 'DB',
      Variables: [{ DAY: '1' }],
    },
    Order: { Type: 'Flow', Sequence: ['Fetch', 'Store'] },
  },
  REPORT: {
    Type: 'Folder',
    in: { Type: 'WaitForEvents', Events: [{ Event: 'fetched' }] },
    Print: { Type: 'Job:Script', FileName: 'gone.sh', FilePath: '/opt/bin' },
    failed: { Type: 'If', again: { Type: 'Run', Folder: 'LOAD', Job: 'Fetch' } },
  },
};

interface Page {
  readonly items: readonly { readonly path: string }[];
  readonly nextCursor: string | null;
}

/** The contract suite of jobs, links, graphs and blast radius, run on every store. */
export const jobsContract = (the: () => Contract): void => {
  const prepare = async () => {
    const { id } = await the().newWorkspace();
    const body = { documents: [{ name: 'all.json', text: JSON.stringify(document) }] };
    const answer = await the().send('POST', `/v1/workspaces/${id}/control-m/import`, { body });
    const folders = (answer.body as ControlMImport).documents[0]?.folders ?? [];
    const urlOf = (name: string) => `${foldersUrl(id)}/${folders.find((folder) => folder.name === name)?.folderId}`;
    const get = async (path: string) => (await the().send('GET', `/v1/workspaces/${id}/control-m/${path}`)).body;
    const pathsOf = async (path: string) => ((await get(path)) as Page).items.map((item) => item.path);
    return { id, folders, urlOf, get, pathsOf };
  };

  describe('the jobs of a workspace', () => {
    test('are found by their properties, those of Defaults and folders too, page by page', async () => {
      const { pathsOf, get, folders } = await prepare();
      const all = ['LOAD/Fetch', 'LOAD/Store', 'REPORT/Print'];
      expect(await pathsOf('jobs')).toEqual(all);
      expect(await pathsOf('jobs?runAs=BATCH&application=orders')).toEqual(all);
      expect(await pathsOf('jobs?type=job:database')).toEqual(['LOAD/Store']);
      expect(await pathsOf('jobs?host=hosts-a&q=fetch')).toEqual(['LOAD/Fetch']);
      expect(await pathsOf('jobs?event=fetched')).toEqual(['LOAD/Fetch']);
      expect(await pathsOf('jobs?calendar=WORKDAYS')).toEqual(['LOAD/Fetch']);
      expect(await pathsOf('jobs?variable=DAY')).toEqual(['LOAD/Store']);
      expect(await pathsOf('jobs?script=gone.sh')).toEqual(['REPORT/Print']);
      const first = (await get('jobs?limit=2')) as Page;
      expect(first.items[0]).toMatchObject({
        folderId: folders[0]?.folderId,
        runAs: 'batch',
        host: 'hosts-a',
        adds: ['fetched'],
      });
      expect(await pathsOf(`jobs?limit=2&cursor=${first.nextCursor}`)).toEqual(['REPORT/Print']);
    });

    test('are linked with the scripts that they run, both ways; dangling links are shown', async () => {
      const { id, pathsOf, get } = await prepare();
      const body = { name: 'bin/fetch.sh', language: 'shell', content: 'fetch' };
      const script = (await the().send('POST', `/v1/workspaces/${id}/scripts`, { body })).body as { readonly id: string };
      expect(((await get('links')) as { items: unknown }).items).toEqual([
        expect.objectContaining({ path: 'LOAD/Fetch', fileName: 'fetch.sh', filePath: '/opt/bin', scriptId: script.id }),
        expect.objectContaining({ path: 'LOAD/Store', fileName: 'store.sql', filePath: '/opt/sql', scriptId: null }),
        expect.objectContaining({ path: 'REPORT/Print', scriptId: null }),
      ]);
      const own = {
        OWN: {
          Type: 'Folder',
          Inline: { Type: 'Job:EmbeddedScript', Script: 'true', FileName: 'inline.sh' },
          When: { RuleBasedCalendars: { Included: ['HOLIDAYS'] } },
          Dated: {
            Type: 'Job:Dummy',
            When: { RuleBasedCalendars: { Included: ['USE PARENT', 'EOM'] }, ConfirmationCalendars: { Calendar: 'BANK' } },
          },
        },
      };
      const documents = [{ name: 'own.json', text: JSON.stringify(own) }];
      await the().send('POST', `/v1/workspaces/${id}/control-m/import`, { body: { documents } });
      expect(await pathsOf('jobs?script=inline.sh')).toEqual(['OWN/Inline']);
      expect(await pathsOf('jobs?calendar=bank')).toEqual(['OWN/Dated']);
      expect(((await get('jobs?calendar=EOM')) as { items: unknown }).items).toEqual([
        expect.objectContaining({ calendars: ['EOM', 'BANK'] }),
      ]);
      expect(await pathsOf('links?state=dangling')).toEqual(['LOAD/Store', 'REPORT/Print']);
      expect(await pathsOf(`links?scriptId=${script.id}`)).toEqual(['LOAD/Fetch']);
    });

    test('make a graph with places, a longest chain, a drawing and flowcharts', async () => {
      const { id, get } = await prepare();
      const graph = (await get('graph')) as { nodes: { path: string; x: number }[]; edges: unknown; criticalPath: unknown };
      expect(graph.nodes.map(({ path }) => path).toSorted()).toEqual(['LOAD/Fetch', 'LOAD/Store', 'REPORT', 'REPORT/Print']);
      const curve = expect.any(Array) as number[];
      expect(graph.edges).toEqual([
        { from: 'LOAD/Fetch', to: 'LOAD/Store', kind: 'flow', by: 'Order', curve },
        { from: 'LOAD/Fetch', to: 'REPORT', kind: 'event', by: 'fetched', curve },
        { from: 'REPORT', to: 'LOAD/Fetch', kind: 'run', by: '', curve },
      ]);
      expect(graph.criticalPath).toHaveLength(2);
      const around = (await get('graph?around=LOAD%2FStore&direction=upstream&depth=1')) as typeof graph;
      expect(around.nodes.map(({ path }) => path)).toEqual(['LOAD/Fetch', 'LOAD/Store']);
      expect((await get('graph/mermaid')) as object).toEqual({
        diagrams: [{ name: '', text: expect.stringContaining('flowchart LR'), isCut: false }],
      });
      const drawing = await the().sendText('GET', `/v1/workspaces/${id}/control-m/graph/svg`);
      expect([drawing.status, drawing.text.slice(0, 4)]).toEqual([200, '<svg']);
      const nowhere = await the().send('GET', `/v1/workspaces/${id}/control-m/graph?around=X`);
      expect(nowhere).toEqual(noSuch('job'));
    });

    test('of two folders are compared', async () => {
      const { get, folders } = await prepare();
      const [load, report] = folders.map(({ folderId }) => folderId);
      const differences = await get(`folders/${report}/compare?with=${load}`);
      expect(await get(`folders/${report}/compare`)).toMatchObject({ added: ['REPORT/Print'], removed: [] });
      expect(differences).toMatchObject({ added: ['REPORT/Print'], removed: ['LOAD/Fetch', 'LOAD/Store'], moved: [] });
    });
  });

  test('two versions of a folder are compared job by job, also under another name', async () => {
    const { urlOf } = await prepare();
    const url = urlOf('LOAD');
    const { Fetch, Store, Order } = document.LOAD;
    const definition = {
      Type: 'Folder',
      Host: 'hosts-b',
      Pull: Fetch,
      Sub: { Type: 'SubFolder', Store },
      Order,
      New: { Type: 'Job:Dummy' },
    };
    const edited = await the().send('PATCH', url, { body: { name: 'LOADS', definition }, ifMatch: 1 });
    expect(edited.status).toBe(200);
    const { body } = await the().send('GET', `${url}/versions/compare/jobs?from=1`);
    expect(body).toEqual({
      from: expect.objectContaining({ version: 1, name: 'LOAD' }),
      to: expect.objectContaining({ version: 2, name: 'LOADS' }),
      differences: {
        added: ['LOADS/New'],
        removed: [],
        moved: [{ from: 'LOAD/Store', to: 'LOADS/Sub/Store' }],
        renamed: [{ from: 'LOAD/Fetch', to: 'LOADS/Pull' }],
        changedJobs: [],
        changedFolders: [{ path: 'LOADS', properties: [{ property: '/Host', from: '"hosts-a"', to: '"hosts-b"' }] }],
      },
    });
    const backwards = await the().send('GET', `${url}/versions/compare/jobs?from=2&to=1`);
    expect(backwards.body).toMatchObject({ differences: { added: [], removed: ['LOADS/New'] } });
    expect(await the().send('GET', `${url}/versions/compare/jobs?from=1&to=9`)).toEqual(noSuch('version'));
  });

  describe('the blast radius', () => {
    const broken = { Type: 'Folder', Fetch: { Type: 'Job:Dummy' } };
    const waiting = [
      { path: 'REPORT', events: ['fetched'] },
      { path: 'REPORT/Print', events: [] },
    ];

    test('of a save is told before it is made, and nothing is saved', async () => {
      const { urlOf } = await prepare();
      const url = urlOf('LOAD');
      const harmless = await the().send('PATCH', `${url}?dryRun=true`, { body: { definition: document.LOAD }, ifMatch: 1 });
      expect(harmless.body).toMatchObject({ isHarmless: true, waitForEver: [], removedJobs: [], staysDeployed: [] });
      const harmful = await the().send('PATCH', `${url}?dryRun=true`, { body: { definition: broken }, ifMatch: 1 });
      expect(harmful.body).toMatchObject({
        isHarmless: false,
        waitForEver: waiting,
        lostPredecessors: [expect.objectContaining({ from: 'LOAD/Fetch', to: 'REPORT' })],
        removedJobs: ['LOAD/Store'],
      });
      expect((await the().send('GET', url)).etag).toBe('"1"');
    });

    test('of a new name is what stays deployed, and who starts its jobs by the old one', async () => {
      const { urlOf } = await prepare();
      const renamed = await the().send('PATCH', `${urlOf('LOAD')}?dryRun=true`, { body: { name: 'LOAD2' }, ifMatch: 1 });
      expect(renamed.body).toMatchObject({ isHarmless: false, waitForEver: [], staysDeployed: ['LOAD'], lostStarts: ['REPORT'] });
    });

    test('of a delete refuses it, unless it is forced', async () => {
      const { urlOf } = await prepare();
      const url = urlOf('LOAD');
      expect((await the().send('DELETE', `${url}?dryRun=true`, { ifMatch: 1 })).body).toMatchObject({ waitForEver: waiting });
      const refused = await the().send('DELETE', url, { ifMatch: 1 });
      expect([refused.status, refused.body]).toEqual([
        409,
        expect.objectContaining({
          code: 'CONFLICT',
          errors: expect.arrayContaining([{ path: '/REPORT', message: 'would wait for ever' }]),
        }),
      ]);
      expect((await the().send('DELETE', urlOf('REPORT'), { ifMatch: 1 })).status).toBe(204);
      expect((await the().send('DELETE', `${url}?force=true`, { ifMatch: 1 })).status).toBe(204);
    });
  });
};
