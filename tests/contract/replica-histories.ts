import { documentKinds, type SyncedDocument, type SyncedDocumentKind } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { planSync, resolveConflict, syncWorkspace, undoSync, type DocumentId } from '@guildhall/workspaces';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Replica, startReplicas } from './replicas.ts';
import { edited, expected, folderOf, importedOf, scriptOf, valueOf, type Value } from './synced-values.ts';

/**
 * Random histories of copies of one workspace: edits, deletions, synchronisations that are cut off and repeated, resolutions and undos. Each
 * synchronisation is held to what has to come of it.
 */

interface Step {
  readonly replica: number;
  readonly what: 'edit' | 'edit-again' | 'delete' | 'restore' | 'create' | 'sync' | 'sync-cut' | 'sync-undone' | 'resolve';
  readonly pick: number;
  readonly place: 'before' | 'behind';
}

const steps = fc.array(
  fc.record({
    replica: fc.nat(2),
    what: fc.constantFrom<Step['what'][]>(
      'edit',
      'edit',
      'edit-again',
      'delete',
      'restore',
      'create',
      'sync',
      'sync',
      'sync-cut',
      'sync-undone',
      'resolve',
    ),
    pick: fc.nat(50),
    place: fc.constantFrom<Step['place'][]>('before', 'behind'),
  }),
  { minLength: 6, maxLength: 16 },
);

export type World = Awaited<ReturnType<typeof startReplicas>>;
type Copies = Awaited<ReturnType<World['copies']>>;

/** A history of one workspace: its copies, and what each of them had when it was last equal to the shared one, by document. */
const startHistory = (world: World, { ids, workspaceId, replicas }: Copies, documents: readonly SyncedDocument[]) => {
  const bases = replicas.map(() => new Map(ids.map(({ id }, index) => [id, valueOf(documents[index] ?? null)])));
  let tokens = 0;
  return {
    shared: world.shared,
    ids,
    workspaceId,
    replicas,
    bases,
    token: (): string => {
      tokens += 1;
      return `echo ${tokens}`;
    },
  };
};
type History = ReturnType<typeof startHistory>;

/** The documents of the shared workspace, as they are there. */
const sharedValues = async ({
  ids,
  shared,
}: History): Promise<ReadonlyMap<string, { readonly value: Value; readonly version: number }>> => {
  const values = new Map<string, { readonly value: Value; readonly version: number }>();
  const found = await Promise.all(ids.map(async (id) => [id.id, await shared.find(id)] as const));
  for (const [id, one] of found) values.set(id, { value: valueOf(one?.document ?? null), version: one?.version ?? 0 });
  return values;
};

const ownValues = ({ ids }: History, replica: Replica): ReadonlyMap<string, Value> =>
  new Map(ids.map((id) => [id.id, valueOf(replica.read(id))]));

/** One machine of a history. */
interface Machine {
  readonly history: History;
  readonly replica: Replica;
  readonly base: Map<string, Value>;
}

const sync = ({ history, replica }: Machine) => syncWorkspace(replica.parts, history.workspaceId);

/** Synchronises, and holds what comes of each document to what has to. `during` runs it, cut off and repeated or not. */
const syncChecked = async (machine: Machine, during: () => Promise<unknown>): Promise<void> => {
  const { history, replica, base } = machine;
  const [mine, theirs] = [ownValues(history, replica), await sharedValues(history)];
  await during();
  const [mineAfter, theirsAfter] = [ownValues(history, replica), await sharedValues(history)];
  for (const { id } of history.ids) {
    const [before, own, other] = [base.get(id) ?? null, mine.get(id) ?? null, theirs.get(id)?.value ?? null];
    const { isConflict, ...sides } = expected(before, own, other);
    const after = { mine: mineAfter.get(id) ?? null, theirs: theirsAfter.get(id)?.value ?? null };
    expect(after).toEqual(sides);
    const conflict = replica.store.findOpenConflict(history.workspaceId, id);
    const texts = conflict === undefined ? undefined : [conflict.base, conflict.mine, conflict.theirs].map(valueOf);
    expect(texts).toEqual(isConflict ? [before, own, other] : undefined);
    // A push is stored once, also when its answer was lost; what both have already is not stored again.
    const raised = (theirsAfter.get(id)?.version ?? 0) - (theirs.get(id)?.version ?? 0);
    const isSaved = after.theirs !== null && other !== null && after.theirs !== other;
    expect(after.theirs === null || other === null || raised === Number(isSaved)).toBe(true);
    if (!isConflict) base.set(id, after.mine);
  }
};

/** The refusal of a call. */
export const refusalOf = (call: () => Promise<unknown>): Promise<string> =>
  call().then(
    () => 'none',
    (error: unknown) => {
      if (!isAppError(error)) throw error;
      return error.code;
    },
  );

const cutOff = async (machine: Machine, { pick, place }: Step): Promise<void> => {
  const { replica } = machine;
  replica.cut = { after: pick % 2, place };
  await refusalOf(() => sync(machine));
  replica.cut = null;
  await sync(machine);
};

/** A synchronisation that is undone leaves both sides and the next plan as they were. */
const undone = async (machine: Machine): Promise<void> => {
  const { history, replica } = machine;
  const look = async () => {
    const { rows } = await planSync(replica.parts, history.workspaceId);
    const theirs = await sharedValues(history);
    return {
      plan: rows.map(({ documentId, action }) => `${documentId} ${action}`).toSorted(),
      mine: [...ownValues(history, replica)],
      theirs: [...theirs].map(([id, { value }]) => [id, value]),
    };
  };
  const before = await look();
  const { sync: done } = await sync(machine);
  const { rows } = await undoSync(replica.parts, history.workspaceId, done?.id ?? '');
  expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'undone'));
  expect(await look()).toEqual(before);
};

/** Resolves the conflict of a document, if there is one; one whose document has changed since is refused. */
const resolve = ({ history, replica, base }: Machine, id: DocumentId, { pick }: Step): void => {
  const conflict = replica.store.findOpenConflict(history.workspaceId, id.id);
  if (conflict === undefined) return;
  const take = (['mine', 'theirs', 'merged'] as const)[pick % 3] ?? 'mine';
  const whole = conflict.mine ?? conflict.theirs;
  const merged = take === 'merged' && whole !== null ? edited(whole, history.token(), pick) : undefined;
  const isStale = valueOf(replica.read(id)) !== valueOf(conflict.mine);
  try {
    resolveConflict(replica.parts, { workspaceId: history.workspaceId, conflictId: conflict.id, take, merged });
  } catch (error) {
    if (!isAppError(error) || !isStale) throw error;
    return;
  }
  const chosen = merged ?? (take === 'mine' ? conflict.mine : conflict.theirs);
  expect(valueOf(replica.read(id))).toBe(valueOf(chosen));
  base.set(id.id, valueOf(conflict.theirs));
};

const newDocument = (kind: SyncedDocumentKind, name: string, token: string): SyncedDocument => {
  if (kind === 'script') return scriptOf(name, token);
  return kind === 'control-m-folder' ? folderOf(name, [token, 'print', 'mail']) : importedOf(name, token);
};

const create = ({ history, replica }: Machine, { pick }: Step): void => {
  const kind = documentKinds[pick % documentKinds.length] ?? 'script';
  const id: DocumentId = { workspaceId: history.workspaceId, id: replica.parts.newId(), kind };
  const name = `NEW_${history.ids.length}`;
  history.ids.push(id);
  replica.save(id, newDocument(kind, name, history.token()));
};

/** Edits a document, deletes it, or brings it back with a new text. */
const change = ({ history, replica }: Machine, id: DocumentId, { what, pick }: Step): void => {
  const document = replica.read(id);
  if (what === 'delete') {
    if (document !== null && id.kind !== 'workspace') replica.save(id, null);
    return;
  }
  const known = replica.store.findDocument(id).mine.version;
  if (document !== null) replica.save(id, edited(document, history.token(), pick));
  else if (what === 'restore' && known !== null && id.kind !== 'workspace') {
    const name = `BACK_${history.token()}`.replaceAll(' ', '_');
    replica.save(id, newDocument(id.kind, name, history.token()));
  }
};

const take = async (history: History, step: Step): Promise<void> => {
  const replica = history.replicas[step.replica];
  const base = history.bases[step.replica];
  const id = history.ids[step.pick % history.ids.length];
  if (replica === undefined || base === undefined || id === undefined) throw new Error('There are three machines.');
  const machine: Machine = { history, replica, base };
  if (step.what === 'create') create(machine, step);
  else if (step.what === 'sync') await syncChecked(machine, () => sync(machine));
  else if (step.what === 'sync-cut') await syncChecked(machine, () => cutOff(machine, step));
  else if (step.what === 'sync-undone') await undone(machine);
  else if (step.what === 'resolve') resolve(machine, id, step);
  else change(machine, id, step);
};

/** Synchronises every machine, with every conflict resolved, until nothing is left to do. */
const settle = async (history: History): Promise<void> => {
  const machines = history.replicas.map((replica, index) => ({
    history,
    replica,
    base: history.bases[index] ?? new Map<string, Value>(),
  }));
  for (let round = 0; round < 2; round += 1) {
    for (const machine of machines) {
      await syncChecked(machine, () => sync(machine));
      for (const [index, id] of history.ids.entries())
        resolve(machine, id, { replica: 0, what: 'resolve', pick: index, place: 'before' });
      await syncChecked(machine, () => sync(machine));
    }
  }
};

/** Gives three copies random histories, and holds them to being equal to the shared workspace in the end. Returns how many were held. */
export const holdForHistories = async (world: World, numRuns: number): Promise<number> => {
  let held = 0;
  const documents = [
    scriptOf('load.sh', 'echo 0'),
    folderOf('NIGHT', ['load', 'print', 'mail']),
    importedOf('night.json', 'as it came'),
  ];
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const copies = await world.copies(3, documents);
      const { workspaceId } = copies;
      const ids = [...copies.ids, { workspaceId, id: workspaceId, kind: 'workspace' as const }];
      const said: SyncedDocument = { kind: 'workspace', name: 'Night', description: '', namingRules: [] };
      const history = startHistory(world, { ...copies, ids }, [...documents, said]);
      for (const step of taken) await take(history, step);
      await settle(history);
      const shared = [...(await sharedValues(history))].map(([id, { value }]) => [id, value]);
      for (const replica of history.replicas) {
        expect([...ownValues(history, replica)]).toEqual(shared);
        expect((await planSync(replica.parts, history.workspaceId)).rows).toEqual([]);
      }
      held += 1;
    }),
    { numRuns, endOnFailure: true },
  );
  return held;
};
