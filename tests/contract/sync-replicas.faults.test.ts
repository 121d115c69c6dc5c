import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdForHistories, type World } from './replica-histories.ts';
import { startReplicas } from './replicas.ts';

/** More of the histories of sync-replicas.property.test.ts than the tests of every save have time for. */

let world: World;
beforeAll(async () => {
  world = await startReplicas();
});
afterAll(() => world.stop());

test('twelve histories of three copies lose no update, resurrect nothing, push once, undo what they did, and end equal', async () => {
  expect(await holdForHistories(world, 12)).toBe(12);
});
