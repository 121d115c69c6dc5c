import { describe, expect, test } from 'vitest';
import { impactOf, isHarmless, jobsOf } from '../src/index.ts';
import { command, documentOf } from './documents.ts';
import { edited, foreignTo, naiveRun, planOf, seeded, sourceOf } from './workspaces.ts';

const noJobs = { folders: [], looseJobs: [] };
const jobsFrom = (source: string) => (source === '{}' ? noJobs : documentOf(source));
const editsTried = 1_000;

const folders = (more: object = {}) => ({
  A: { Type: 'Folder', Make: command({ out: { Type: 'AddEvents', Events: [{ Event: 'made' }] } }), ...more },
  B: {
    Type: 'Folder',
    in: { Type: 'WaitForEvents', Events: [{ Event: 'made' }] },
    Use: command(),
    Then: command(),
    Order: { Type: 'Flow', Sequence: ['Use', 'Then'] },
  },
});

const waiting = (...events: (string | { Event: string })[]) =>
  documentOf({
    A: {
      Type: 'Folder',
      Add: command({ out: { Type: 'AddEvents', Events: [{ Event: 'a' }] } }),
      J: command({ in: { Type: 'WaitForEvents', Events: events } }),
    },
  });
const isStuck = (...events: (string | { Event: string })[]) =>
  impactOf(noJobs, waiting(...events)).waitForEver.some(({ path }) => path === 'A/J');

describe('the blast radius of a change', () => {
  test(`is that of a naive simulation over ${editsTried} seeded edits: nothing is called safe that is not`, () => {
    let harmful = 0;
    for (let seed = 1; seed <= editsTried; seed += 1) {
      const next = seeded(seed);
      const before = planOf(next);
      const after = edited(before, next);
      const given = foreignTo(before);
      const [endedBefore, endedAfter] = [naiveRun(before, given), naiveRun(after, given)];
      const known = new Set(before.flatMap(({ name, jobs }) => jobs.map((job) => `${name}/${job.name}`)));
      const stuck = after
        .flatMap(({ name, jobs }) => jobs.map((job) => `${name}/${job.name}`))
        .filter((path) => !endedAfter.has(path) && (endedBefore.has(path) || !known.has(path)));
      const impact = impactOf(jobsFrom(sourceOf(before)), jobsFrom(sourceOf(after)));
      const jobs = new Set(jobsOf(jobsFrom(sourceOf(after))).map(({ path }) => path));
      const told = impact.waitForEver.map(({ path }) => path).filter((path) => jobs.has(path));
      expect([seed, told.toSorted()]).toEqual([seed, stuck.toSorted()]);
      if (stuck.length > 0) harmful += 1;
      expect([seed, stuck.length > 0 && isHarmless(impact)]).toEqual([seed, false]);
    }
    expect(harmful).toBeGreaterThan(editsTried / 20);
  });

  test('names the folder that waits for ever, its jobs, and the predecessor that they lose', () => {
    const before = documentOf(folders());
    expect(impactOf(before, documentOf({ B: folders().B }))).toEqual({
      waitForEver: [
        { path: 'B', events: ['made'] },
        { path: 'B/Use', events: [] },
        { path: 'B/Then', events: [] },
      ],
      lostPredecessors: [{ from: 'A/Make', to: 'B', kind: 'event', by: 'made' }],
      newCycles: [],
      removedJobs: ['A/Make'],
    });
    expect(isHarmless(impactOf(before, before))).toBe(true);
  });

  test('names the cycle that a change makes', () => {
    const circle = { Loop: { Type: 'WaitForEvents', Events: [{ Event: 'used' }] } };
    const after = folders(circle);
    const used = { ...after.B, out: { Type: 'AddEvents', Events: [{ Event: 'used' }] } };
    const impact = impactOf(
      documentOf(folders()),
      documentOf({
        A: { ...after.A, Make: command({ ...circle, out: { Type: 'AddEvents', Events: [{ Event: 'made' }] } }) },
        B: used,
      }),
    );
    expect(impact.newCycles).toEqual([['A', 'A/Make', 'B', 'B/Then', 'B/Use']]);
  });

  test('reads AND, OR and brackets between events', () => {
    const [a, no] = [{ Event: 'a' }, { Event: 'no' }];
    expect([isStuck(a), isStuck(no), isStuck(a, no), isStuck(a, 'AND', no), isStuck(a, 'OR', no)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(isStuck('(', a, 'OR', no, ')', 'AND', no)).toBe(true);
    expect(isStuck('(', a, 'OR', no, ')', a)).toBe(false);
    expect([isStuck(no, 'OR'), isStuck('OR', no), isStuck(')', no, '(')]).toEqual([true, true, true]);
  });
});
