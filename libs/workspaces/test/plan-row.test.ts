import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planRow, type PlannedRow, type SyncReason, type ThreeSides } from '../src/sync/plan-row.ts';

const state = fc.constantFrom('a', 'b', 'c', null);
const version = fc.integer({ min: 1, max: 3 });

/** Sides as a copy and a shared workspace can have them: under the version of the base stands what the base has. */
const sides = fc
  .record({ before: fc.option(fc.record({ own: version, shared: version, state })), mine: state, theirs: state })
  .map(({ before, mine, theirs }): ThreeSides => {
    const sideOf = (now: string | null, known: number | undefined) => {
      if (known === undefined) return { version: now === null ? null : 1, state: now };
      return { version: now === before?.state ? known : known + 1, state: now };
    };
    return {
      base: before === null ? null : { ownVersion: before.own, sharedVersion: before.shared, state: before.state },
      mine: sideOf(mine, before?.own),
      theirs: sideOf(theirs, before?.shared),
    };
  });

const mirroredReasons: Partial<Record<SyncReason, SyncReason>> = {
  'new-here': 'new-there',
  'changed-here': 'changed-there',
  'restored-here': 'restored-there',
  'deleted-here': 'deleted-there',
  'deleted-here-changed-there': 'changed-here-deleted-there',
};
const mirror = ({ action, reason }: PlannedRow): PlannedRow => {
  const back = Object.entries(mirroredReasons).find(([, there]) => there === reason)?.[0] as SyncReason | undefined;
  const others = { push: 'pull', pull: 'push' } as const;
  return {
    action: action === 'push' || action === 'pull' ? others[action] : action,
    reason: mirroredReasons[reason] ?? back ?? reason,
  };
};
const swap = ({ base, mine, theirs }: ThreeSides): ThreeSides => ({
  base: base === null ? null : { ownVersion: base.sharedVersion, sharedVersion: base.ownVersion, state: base.state },
  mine: theirs,
  theirs: mine,
});

const at = (number: number | null, text: string | null) => ({ version: number, state: text });
const base = { ownVersion: 2, sharedVersion: 7, state: 'a' };

describe('the plan of a row', () => {
  test.each<[string, ThreeSides, PlannedRow]>([
    ['nothing changed', { base, mine: at(2, 'a'), theirs: at(7, 'a') }, { action: 'nothing', reason: 'unchanged' }],
    ['changed here', { base, mine: at(3, 'b'), theirs: at(7, 'a') }, { action: 'push', reason: 'changed-here' }],
    ['changed there', { base, mine: at(2, 'a'), theirs: at(9, 'b') }, { action: 'pull', reason: 'changed-there' }],
    ['deleted here', { base, mine: at(3, null), theirs: at(7, 'a') }, { action: 'delete', reason: 'deleted-here' }],
    ['deleted there', { base, mine: at(2, 'a'), theirs: at(null, null) }, { action: 'delete', reason: 'deleted-there' }],
    ['changed alike', { base, mine: at(3, 'b'), theirs: at(8, 'b') }, { action: 'nothing', reason: 'changed-alike' }],
    ['deleted alike', { base, mine: at(3, null), theirs: at(null, null) }, { action: 'nothing', reason: 'changed-alike' }],
    ['back again here', { base, mine: at(4, 'a'), theirs: at(8, 'b') }, { action: 'pull', reason: 'changed-there' }],
    [
      'changed differently',
      { base, mine: at(3, 'b'), theirs: at(8, 'c') },
      { action: 'conflict', reason: 'changed-differently' },
    ],
    [
      'deleted here, changed there',
      { base, mine: at(3, null), theirs: at(8, 'c') },
      { action: 'conflict', reason: 'deleted-here-changed-there' },
    ],
    [
      'changed here, deleted there',
      { base, mine: at(3, 'b'), theirs: at(null, null) },
      { action: 'conflict', reason: 'changed-here-deleted-there' },
    ],
    ['new here', { base: null, mine: at(1, 'a'), theirs: at(null, null) }, { action: 'push', reason: 'new-here' }],
    ['new there', { base: null, mine: at(null, null), theirs: at(5, 'a') }, { action: 'pull', reason: 'new-there' }],
    [
      'restored there',
      { base: { ...base, state: null }, mine: at(2, null), theirs: at(9, 'a') },
      { action: 'pull', reason: 'restored-there' },
    ],
    [
      'restored here',
      { base: { ...base, state: null }, mine: at(3, 'a'), theirs: at(null, null) },
      { action: 'push', reason: 'restored-here' },
    ],
    [
      'a base of which nothing is known but the versions',
      { base: { ...base, state: 'unknown' }, mine: at(3, 'b'), theirs: at(7, 'a') },
      { action: 'push', reason: 'changed-here' },
    ],
  ])('%s', (_what, given, planned) => {
    expect(planRow(given)).toEqual(planned);
  });

  test('is the mirrored plan where the sides are swapped', () => {
    fc.assert(
      fc.property(sides, (given) => {
        expect(planRow(swap(given))).toEqual(mirror(planRow(given)));
      }),
    );
  });

  test('overwrites no change and resurrects nothing: only a side that is as the base is written to', () => {
    fc.assert(
      fc.property(sides, (given) => {
        const { base: before, mine, theirs } = given;
        const { action, reason } = planRow(given);
        const isWrittenHere = action === 'pull' || reason === 'deleted-there';
        const isWrittenThere = action === 'push' || reason === 'deleted-here';
        const known = before?.state ?? null;
        expect(isWrittenHere && mine.state !== known).toBe(false);
        expect(isWrittenThere && theirs.state !== known).toBe(false);
        // What differs is either written to one side, or a conflict of two changes.
        expect(isWrittenHere || isWrittenThere || action === 'conflict').toBe(mine.state !== theirs.state);
        expect(action === 'conflict' && [mine.state, theirs.state].includes(known)).toBe(false);
      }),
    );
  });
});
