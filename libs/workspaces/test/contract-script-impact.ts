import type { Script } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { foldersUrl, scriptUrl, stale, type Contract } from './contract-server.ts';

const harmless = { isHarmless: true, lostScripts: [], otherScripts: [], foundScripts: [] };

const scriptJob = (fileName: string) => ({ Type: 'Job:Script', FileName: fileName, FilePath: '/opt/bin' });
const relinked = (job: string, fileName: string, from: string | null, to: string | null) => ({
  path: `NIGHT/${job}`,
  fileName,
  from,
  to,
});

/** The contract suite of what a change of a script does to the jobs that run it, run on every store. */
export const scriptImpactContract = (the: () => Contract): void => {
  /** A workspace whose folder runs `load.sh` and `gone.sh`. */
  const prepare = async () => {
    const { id } = await the().newWorkspace();
    const definition = { Type: 'Folder', Load: scriptJob('load.sh'), Gone: scriptJob('gone.sh') };
    await the().send('POST', foldersUrl(id), { body: { name: 'NIGHT', definition } });
    const newScript = async (name: string): Promise<Script> => {
      const body = { name, language: 'shell', content: 'true' };
      return (await the().send('POST', `/v1/workspaces/${id}/scripts`, { body })).body as Script;
    };
    return { newScript };
  };
  describe('the blast radius of a script', () => {
    test('of a new name is the jobs that lose their script or find one, and nothing is saved', async () => {
      const { newScript } = await prepare();
      const load = await newScript('load.sh');
      const dryRun = (body: object) => the().send('PATCH', `${scriptUrl(load)}?dryRun=true`, { body, ifMatch: 1 });
      expect(await dryRun({ name: 'gone.sh' })).toEqual({
        status: 200,
        etag: '"1"',
        body: {
          isHarmless: false,
          lostScripts: [relinked('Load', 'load.sh', load.id, null)],
          otherScripts: [],
          foundScripts: [relinked('Gone', 'gone.sh', null, load.id)],
        },
      });
      expect((await dryRun({ name: 'bin/load.sh' })).body).toEqual(harmless);
      expect((await dryRun({ content: 'false' })).body).toEqual(harmless);
      expect((await the().send('GET', scriptUrl(load))).body).toEqual(load);
    });

    test('of a delete names the jobs that would run another one, and refuses it unless it is forced', async () => {
      const { newScript } = await prepare();
      const [load, exact] = [await newScript('load.sh'), await newScript('bin/load.sh')];
      const dryRun = await the().send('DELETE', `${scriptUrl(exact)}?dryRun=true`, { ifMatch: 1 });
      const other = relinked('Load', 'load.sh', exact.id, load.id);
      expect([dryRun.status, dryRun.body]).toEqual([200, { ...harmless, isHarmless: false, otherScripts: [other] }]);
      const refuse = async (script: Script, message: string) => {
        const { status, body } = await the().send('DELETE', scriptUrl(script), { ifMatch: 1 });
        const errors = [{ path: '/NIGHT/Load', message }];
        expect([status, body]).toEqual([409, expect.objectContaining({ code: 'CONFLICT', errors })]);
      };
      await refuse(exact, 'would run another script');
      expect((await the().send('DELETE', `${scriptUrl(exact)}?force=true`, { ifMatch: 1 })).status).toBe(204);
      await refuse(load, 'would have no script');
    });

    test('of one that no job runs is none, and it is deleted', async () => {
      const { newScript } = await prepare();
      const other = await newScript('other.sh');
      const dryRun = await the().send('DELETE', `${scriptUrl(other)}?dryRun=true`, { ifMatch: 1 });
      expect([dryRun.status, dryRun.body]).toEqual([200, harmless]);
      expect(await the().send('DELETE', scriptUrl(other), { ifMatch: 7 })).toEqual(stale(1));
      expect((await the().send('DELETE', scriptUrl(other), { ifMatch: 1 })).status).toBe(204);
    });
  });
};
