import { planSync, syncWorkspace } from '@guildhall/workspaces';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdForHistories, refusalOf, type World } from './replica-histories.ts';
import { startReplicas } from './replicas.ts';
import { edited, folderOf, importedOf, scriptOf } from './synced-values.ts';

let world: World;
beforeAll(async () => {
  world = await startReplicas();
});
afterAll(() => world.stop());

describe('three copies of a workspace', () => {
  test('lose no update, resurrect nothing, push once, undo what they did, and become equal, whatever their history', async () => {
    expect(await holdForHistories(world, 12)).toBe(12);
  });

  const documents = [scriptOf('load.sh', 'echo 0'), folderOf('NIGHT', ['load', 'print', 'mail']), importedOf('night.json', '0')];
  const cuts = documents.flatMap((document) => (['before', 'behind'] as const).map((place) => ({ document, place })));
  test.each(cuts)(
    'push an edit of a $document.kind once when it was cut off $place its arrival and edited again',
    async ({ document, place }) => {
      const { ids, replicas, workspaceId } = await world.copies(1, [document]);
      const [[replica], [id]] = [replicas, ids];
      if (replica === undefined || id === undefined) throw new Error('There is one document on one machine.');
      replica.save(id, edited(document, 'echo 1', 0));
      replica.cut = { after: 0, place };
      expect(await refusalOf(() => syncWorkspace(replica.parts, workspaceId))).toBe('SERVICE_UNAVAILABLE');
      replica.save(id, edited(document, 'echo 2', 0));
      const { rows } = await syncWorkspace(replica.parts, workspaceId);
      expect(rows.map(({ action, state }) => `${action} ${state}`)).toEqual(['push done', 'push done']);
      const found = await world.shared.find(id);
      // The first version, what was on its way, and what was edited since.
      expect([found?.document, found?.version]).toEqual([edited(document, 'echo 2', 0), 3]);
      expect((await planSync(replica.parts, workspaceId)).rows).toEqual([]);
    },
  );
});
