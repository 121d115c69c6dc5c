import { describe, expect, test } from 'vitest';
import { graphOf, impactOf, jobsOf, type ControlMDocument } from '../src/index.ts';
import { codesOf, command, documentOf, findingsOf } from './documents.ts';
import { datedPlanOf, edited, naiveDays, seeded, sourceOf } from './workspaces.ts';

/** The dates by their names in the Automation API; those of Control-M itself mean the same. */
type Dated = readonly [event: string, date?: string | undefined];

const events = (type: string, used: readonly Dated[]) => ({
  Type: type,
  Events: used.map(([Event, Date]) => ({ Event, ...(Date === undefined ? {} : { Date }) })),
});
const waits = (...used: readonly Dated[]) => events('WaitForEvents', used);
const adds = (...used: readonly Dated[]) => events('AddEvents', used);

/** A job A that adds the event e with a date, and a job B that waits for it with another. */
const pair = (added: string | undefined, waited: string | undefined, back: object = {}): ControlMDocument =>
  documentOf(pairText(added, waited, back));
const pairText = (added: string | undefined, waited: string | undefined, back: object = {}): object => ({
  F: {
    Type: 'Folder',
    A: command({ out: adds(['e', added]), ...back }),
    B: command({ in: waits(['e', waited]), done: adds(['b']) }),
  },
});
const jobsFrom = (source: string) => (source === '{}' ? { folders: [], looseJobs: [] } : documentOf(source));
const edgesOf = (document: ControlMDocument) => graphOf(document).edges.map(({ from, to, kind }) => [from, to, kind]);

describe('an event with a date', () => {
  test.each([
    [undefined, undefined, 'event'],
    ['OrderDate', 'ODAT', 'event'],
    ['OrderDate', 'AnyDate', 'event'],
    ['NoDate', 'STAT', 'event'],
    ['NoDate', 'AnyDate', 'event'],
    ['0131', '0131', 'event'],
    ['OrderDate', 'NextOrderDate', 'event'],
    ['%%DAY', 'OrderDate', 'event'],
    ['OrderDate', 'PreviousOrderDate', 'earlier-run'],
    ['NextOrderDate', 'OrderDate', 'earlier-run'],
    ['NEXT', 'PREV', 'earlier-run'],
    ['OrderDate', '0131', 'earlier-run'],
  ])('that is added with %s and waited for with %s links the two', (added, waited, kind) => {
    const document = pair(added, waited);
    expect(edgesOf(document)).toEqual([['F/A', 'F/B', kind]]);
    expect(codesOf(pairText(added, waited))).toEqual([]);
  });

  test.each([
    ['OrderDate', 'NoDate'],
    ['NoDate', 'PreviousOrderDate'],
    ['0131', '0228'],
  ])('that is added with %s is not the one that is waited for with %s', (added, waited) => {
    expect(edgesOf(pair(added, waited))).toEqual([]);
    expect(findingsOf(pairText(added, waited)).map(({ code, message }) => [code, message])).toEqual([
      ['EVENT_NOBODY_ADDS', 'B waits for the event e, which no job or folder of this workspace adds with a date that fits.'],
    ]);
  });

  test('of the run before makes no circle, not of a job with itself either', () => {
    const self = { F: { Type: 'Folder', A: command({ in: waits(['a', 'PreviousOrderDate']), out: adds(['a']) }) } };
    expect(codesOf(self)).toEqual([]);
    expect(codesOf(pairText('OrderDate', 'OrderDate', { in: waits(['b', 'PREV']) }))).toEqual([]);
    expect(codesOf(pairText('OrderDate', 'OrderDate', { in: waits(['b', 'AnyDate']) }))).toEqual([]);
    expect(codesOf(pairText('OrderDate', 'OrderDate', { in: waits(['b', 'NextOrderDate']) }))).toEqual(['CYCLE']);
    expect(codesOf(pairText('OrderDate', 'OrderDate', { in: waits(['b']) }))).toEqual(['CYCLE']);
  });

  test('of the run before is missed for ever once nobody adds it any more', () => {
    const before = pair('OrderDate', 'PreviousOrderDate');
    const after = documentOf({ F: { Type: 'Folder', A: command(), B: command({ in: waits(['e', 'PreviousOrderDate']) }) } });
    expect(impactOf(before, after)).toMatchObject({
      waitForEver: [
        { path: 'F', events: [] },
        { path: 'F/B', events: ['e'] },
      ],
      lostPredecessors: [{ from: 'F/A', to: 'F/B', kind: 'earlier-run', by: 'e' }],
    });
    expect(impactOf(before, before).waitForEver).toEqual([]);
  });

  test('two dates of one event are one edge, and a wait for both is one for either kind', () => {
    const document = documentOf({
      F: {
        Type: 'Folder',
        A: command({ out: adds(['e'], ['e', 'NoDate']) }),
        B: command({ in: waits(['e'], ['e', 'AnyDate']) }),
        C: command({ in: waits(['e'], ['e', 'PREV']) }),
      },
    });
    expect(edgesOf(document)).toEqual([
      ['F/A', 'F/B', 'event'],
      ['F/A', 'F/C', 'event'],
      ['F/A', 'F/C', 'earlier-run'],
    ]);
  });

  const editsTried = 300;
  test(`has the blast radius of a naive simulation of many days, over ${editsTried} seeded edits`, () => {
    let harmful = 0;
    for (let seed = 1; seed <= editsTried; seed += 1) {
      const next = seeded(seed);
      const before = datedPlanOf(next);
      const after = edited(before, next);
      const [endedBefore, endedAfter] = naiveDays(before, after);
      const known = new Set(before.flatMap(({ name, jobs }) => jobs.map((job) => `${name}/${job.name}`)));
      const stuck = after
        .flatMap(({ name, jobs }) => jobs.map((job) => `${name}/${job.name}`))
        .filter((path) => !endedAfter.has(path) && (endedBefore.has(path) || !known.has(path)));
      const jobs = jobsFrom(sourceOf(after));
      const paths = new Set(jobsOf(jobs).map(({ path }) => path));
      const told = impactOf(jobsFrom(sourceOf(before)), jobs).waitForEver.map(({ path }) => path);
      expect([seed, told.filter((path) => paths.has(path)).toSorted()]).toEqual([seed, stuck.toSorted()]);
      if (stuck.length > 0) harmful += 1;
    }
    expect(harmful).toBeGreaterThan(editsTried / 20);
  });
});
