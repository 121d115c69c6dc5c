import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SyncedDocument } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { createInternalClient } from '@guildhall/http';
import { createInternalSigner } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import type { DocumentId, SharedWorkspace, SyncParts, SyncStore } from '@guildhall/workspaces';
import { createSharedWorkspaceOf } from '../../services/gateway/src/clients/shared-workspace.ts';
import { createExporterOf } from '../../services/gateway/src/clients/workspace-exporter.ts';
import { cloneWorkspace } from '../../services/gateway/src/core/sharing/clone-workspace.ts';
import { openSoloDatabase } from '../../services/gateway/src/store/solo/open.ts';
import { createSoloClones } from '../../services/gateway/src/store/workspaces/clones.ts';
import { createSoloShares } from '../../services/gateway/src/store/workspaces/shares.ts';
import { createSoloSyncs } from '../../services/gateway/src/store/workspaces/syncs.ts';
import { createSoloWorkspaces } from '../../services/gateway/src/store/workspaces/workspaces.ts';
import { writeSoloFile } from '../../services/gateway/test/support/solo-file.ts';
import { seedCommunity } from '../../services/team-resources/test/support/team-database.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';

/** Solo files with copies of one shared workspace, before a real team-resources, and without gateways in between. */

/** A place at which the next push is cut off: before they arrive, or behind, so that only the answer is lost. */
export interface Cut {
  /** The pushes that pass before it. */
  after: number;
  readonly place: 'before' | 'behind';
}

export interface Replica {
  readonly parts: SyncParts;
  readonly store: SyncStore;
  /** Set to cut a push off; the cut takes itself away. */
  cut: Cut | null;
  /** The document as it is here; null: deleted, or not there. */
  read(id: DocumentId): SyncedDocument | null;
  /** Stores a version as this machine's user; null deletes. */
  save(id: DocumentId, document: SyncedDocument | null): void;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const away = (): AppError => new AppError('SERVICE_UNAVAILABLE', 'The test cut it off.');

/** Sends, unless it is the cut's turn. */
const cutOff = async <T>(send: () => Promise<T>, cut: Cut | null, onCut: () => void): Promise<T> => {
  if (cut === null || cut.after > 0) {
    if (cut !== null) cut.after -= 1;
    return await send();
  }
  onCut();
  if (cut.place === 'behind') await send();
  throw away();
};

/** The shared workspace behind a cut. */
const withCut = (shared: SharedWorkspace, cutOf: () => Cut | null, onCut: () => void): SharedWorkspace => ({
  ...shared,
  push: (id, push) => cutOff(() => shared.push(id, push), cutOf(), onCut),
  exchange: (workspaceId, pushes) => cutOff(() => shared.exchange(workspaceId, pushes), cutOf(), onCut),
});

const openReplica = async (file: string, shared: SharedWorkspace) => {
  await writeSoloFile(file);
  const solo = await openSoloDatabase(file);
  const { holds } = createSoloWorkspaces(solo);
  const shares = createSoloShares(solo);
  const store = createSoloSyncs(solo, shares);
  const replica: Replica = {
    store,
    cut: null,
    parts: {
      store,
      shared: withCut(
        shared,
        () => replica.cut,
        () => {
          replica.cut = null;
        },
      ),
      now: () => new Date(),
      newId: randomUUID,
      sha256,
    },
    read: (id) => store.findDocument(id).document,
    save: (id, document) => {
      const { version } = store.findDocument(id).mine;
      const saved = { document, ifVersion: version, note: '', savedBy: 'solo', at: new Date().toISOString() };
      store.write((transaction) => transaction.putDocument(id, saved) !== undefined);
    },
  };
  return { replica, close: () => solo.close(), clones: createSoloClones(solo, shares, holds) };
};

/** The team-resources, and what is shared there, as its owner. */
export const startReplicas = async () => {
  const fixture = await startFixture();
  const { communityId, owner } = await seedCommunity(fixture.tables);
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-replicas-'));
  const signer = createInternalSigner({ identity: identityOf('gateway'), now: () => new Date() });
  const client = createInternalClient({ baseUrl: fixture.url, service: 'team-resources', signer, timeoutMs: 60_000 });
  const user = { userId: owner, sessionId: randomUUID(), displayName: 'Ada', email: 'ada@example.org', permissions: [] };
  const request = { id: 'r-sync', headers: {}, clientAddress: '127.0.0.1' } as unknown as Parameters<
    ReturnType<typeof createSharedWorkspaceOf>
  >[0];
  const admitted = { caller: user, communityPermissions: [] };
  const shared = createSharedWorkspaceOf(client, signer)(request, admitted);
  const exporter = createExporterOf(client, signer)(request, admitted);
  const closers: (() => void)[] = [];
  return {
    shared,
    /** Copies of a new shared workspace with these documents, on so many machines. */
    async copies(count: number, documents: readonly SyncedDocument[]) {
      // A principal is signed for seconds: each call has one of its own.
      const headers = await fixture.asPrincipal({ ...user, permissions: ['community:create'], userAgent: 'test' });
      const made = await fixture.ask('POST', `/v1/communities/${communityId}/workspaces`, { body: { name: 'Night' }, headers });
      const { id: workspaceId } = made.body as { id: string };
      const ids: DocumentId[] = [];
      for (const document of documents) {
        const id = { workspaceId, id: randomUUID(), kind: document.kind };
        await shared.push(id, { kind: id.kind, pushId: randomUUID(), ifVersion: null, note: '', document });
        ids.push(id);
      }
      const replicas: Replica[] = [];
      for (let number = 0; number < count; number += 1) {
        const opened = await openReplica(path.join(folder, `${randomUUID()}.db`), shared);
        closers.push(opened.close);
        await cloneWorkspace({ store: opened.clones, exporter, now: () => new Date() }, workspaceId);
        replicas.push(opened.replica);
      }
      return { workspaceId, ids, replicas };
    },
    async stop(): Promise<void> {
      for (const close of closers) close();
      await client.close();
      await fixture.close();
      rmSync(folder, { recursive: true });
    },
  };
};
