import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInternalClient } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImporterOf } from '../../services/gateway/src/clients/workspace-importer.ts';
import {
  shareWorkspace,
  type SharingStore,
  type WorkspaceImporter,
} from '../../services/gateway/src/core/sharing/share-workspace.ts';
import { openSoloDatabase } from '../../services/gateway/src/store/solo/open.ts';
import { createSoloShares } from '../../services/gateway/src/store/workspaces/shares.ts';
import { seedCommunity } from '../../services/team-resources/test/support/team-database.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { exportShared, forgetShared } from '../support/exported-workspace.ts';
import { fillSoloWorkspace } from './solo-rows.ts';

/**
 * A share that is killed before or after every one of its steps and run again leaves the same rows as one that was not. The process
 * dies at a seam: the step throws, nothing of it runs any more, and the next run opens the file anew.
 */

const workspaceId = randomUUID();
const now = (): Date => new Date('2026-03-01T00:00:00.000Z');

let fixture: Awaited<ReturnType<typeof startFixture>>;
let client: Client;
let folder: string;
let target: { readonly communityId: string; readonly owner: string };
let importer: WorkspaceImporter;
let stop: () => Promise<void>;

beforeAll(async () => {
  fixture = await startFixture();
  target = await seedCommunity(fixture.tables);
  client = new Client({ connectionString: fixture.database?.url });
  await client.connect();
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-share-'));
  const solo = await openSoloDatabase(path.join(folder, 'full.db'));
  fillSoloWorkspace(solo.sqlite, workspaceId, { scripts: 450, folders: 30 });
  solo.close();
  const signer = createInternalSigner({ identity: identityOf('gateway'), now: () => new Date() });
  const teamResources = createInternalClient({ baseUrl: fixture.url, service: 'team-resources', signer, timeoutMs: 60_000 });
  const user = { userId: target.owner, sessionId: randomUUID(), displayName: 'Ada', email: 'ada@example.org', permissions: [] };
  const request = { id: 'r-share', headers: {}, clientAddress: '127.0.0.1' } as unknown as Parameters<
    ReturnType<typeof createImporterOf>
  >[0];
  importer = createImporterOf(teamResources, signer)(request, { caller: user, communityPermissions: [] });
  stop = async () => {
    await teamResources.close();
    await client.end();
    await fixture.close();
    rmSync(folder, { recursive: true });
  };
});
afterAll(() => stop());

class Killed extends Error {}

/** The steps of a process that is killed at one of them: before it takes effect, or after, when its answer is lost. */
const createSteps = (killAt: number, isAfter: boolean) => {
  let count = 0;
  const enter = (): void => {
    if (count === killAt && !isAfter) throw new Killed();
  };
  const leave = (): void => {
    count += 1;
    if (count === killAt + 1 && isAfter) throw new Killed();
  };
  return {
    count: () => count,
    async take<T>(step: () => Promise<T>): Promise<T> {
      enter();
      const outcome = await step();
      leave();
      return outcome;
    },
    takeNow<T>(step: () => T): T {
      enter();
      const outcome = step();
      leave();
      return outcome;
    },
  };
};

/** Runs a share on the file until it ends or is killed. Returns the number of steps that it took; -1 when it was killed. */
const runShare = async (file: string, killAt = Number.POSITIVE_INFINITY, isAfter = false): Promise<number> => {
  const solo = await openSoloDatabase(file);
  const shares = createSoloShares(solo);
  const steps = createSteps(killAt, isAfter);
  const dyingImporter: WorkspaceImporter = {
    userId: importer.userId,
    find: (...given) => steps.take(() => importer.find(...given)),
    begin: (...given) => steps.take(() => importer.begin(...given)),
    send: (...given) => steps.take(() => importer.send(...given)),
    complete: (...given) => steps.take(() => importer.complete(...given)),
  };
  const dyingStore: SharingStore = {
    ...shares,
    prepare: (...given) => steps.takeNow(() => shares.prepare(...given)),
    complete: (...given) => steps.takeNow(() => shares.complete(...given)),
  };
  try {
    await shareWorkspace({ store: dyingStore, importer: dyingImporter, now }, { workspaceId, communityId: target.communityId });
    return steps.count();
  } catch (error) {
    if (error instanceof Killed) return -1;
    throw error;
  } finally {
    solo.close();
  }
};

const freshFile = (): string => {
  const file = path.join(folder, `${randomUUID()}.db`);
  copyFileSync(path.join(folder, 'full.db'), file);
  return file;
};

describe('a share that is killed', () => {
  test('before or after any step and run again leaves the same bytes, and one event', async () => {
    const file = freshFile();
    const stepCount = await runShare(file);
    const whole = await exportShared(client, workspaceId);
    expect(whole).toContain('"events": "1"');
    expect(stepCount).toBeGreaterThan(8);
    for (let step = 0; step < stepCount; step += 1) {
      for (const isAfter of [false, true]) {
        await forgetShared(client, workspaceId);
        const again = freshFile();
        expect(await runShare(again, step, isAfter)).toBe(-1);
        await runShare(again);
        expect((await exportShared(client, workspaceId)) === whole, `killed ${isAfter ? 'after' : 'before'} step ${step}`).toBe(
          true,
        );
      }
    }
  });

  test('again and again, each time a step later, ends with the same bytes', async () => {
    await forgetShared(client, workspaceId);
    const once = freshFile();
    await runShare(once);
    const whole = await exportShared(client, workspaceId);
    await forgetShared(client, workspaceId);
    const file = freshFile();
    for (let step = 0; (await runShare(file, step, step % 2 === 1)) === -1; step += 1);
    expect((await exportShared(client, workspaceId)) === whole).toBe(true);
  });
});
