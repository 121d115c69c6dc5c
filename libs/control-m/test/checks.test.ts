import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { checkJobs } from '../src/index.ts';
import { hasForm } from '../src/check/naming-rules.ts';
import { codesOf, command, documentOf, findingsOf } from './documents.ts';

const waits = (...events: (string | { Event: string })[]) => ({ Type: 'WaitForEvents', Events: events });
const adds = (...names: string[]) => ({ Type: 'AddEvents', Events: names.map((Event) => ({ Event })) });
const flow = (...steps: string[]) => ({ Type: 'Flow', Sequence: steps });

describe('the checks of a document', () => {
  test('find nothing in a sound one', () => {
    const source = {
      F: {
        Type: 'Folder',
        A: command({ eventsToAdd: adds('a') }),
        S: { Type: 'SubFolder', B: command({ eventsToWaitFor: waits({ Event: 'a' }) }) },
        'C:1': command({ Password: { Secret: 'vault-name' }, Token: '%%TOKEN' }),
        Order: flow('A', 'S', 'C:1'),
        Inner: flow('A', 'S:B'),
      },
    };
    expect(findingsOf(source)).toEqual([]);
  });

  test('name steps of a flow that are not there, at their place', () => {
    const source =
      '{"F": {"Type": "Folder", "A": {"Type": "Job:Dummy"},\n "Order": {"Type": "Flow", "Sequence": ["A", "Gone"]}, "Empty": {"Type": "Flow"}}}';
    expect(findingsOf(source)).toEqual([
      {
        code: 'UNKNOWN_FLOW_STEP',
        severity: 'error',
        pointer: '/F/Order/Sequence/1',
        line: 2,
        column: 46,
        message: 'The flow Order names Gone, and F holds no job or subfolder of that name.',
      },
      expect.objectContaining({ code: 'MISSING_PROPERTY', pointer: '/F/Empty' }),
    ]);
  });

  test('find cycles by flows and events, and jobs that wait for themselves', () => {
    const source = {
      F: {
        Type: 'Folder',
        A: command({ eventsToWaitFor: waits({ Event: 'b' }) }),
        B: command({ eventsToAdd: adds('b') }),
        C: command({ eventsToWaitFor: waits({ Event: 'c' }), eventsToAdd: adds('c') }),
        Order: flow('A', 'B'),
      },
    };
    expect(findingsOf(source).map(({ code, message }) => [code, message])).toEqual([
      ['CYCLE', 'These wait for each other in a circle: F/A, F/B.'],
      ['CYCLE', 'F/C waits for itself.'],
    ]);
  });

  test('name events that nobody adds, unless another folder does', () => {
    const waiting = documentOf({ F: { Type: 'Folder', A: command({ eventsToWaitFor: waits({ Event: 'x' }) }) } });
    const adding = documentOf({ G: { Type: 'Folder', eventsToAdd: adds('x') } });
    expect(checkJobs(waiting, {}).map(({ code, pointer }) => [code, pointer])).toEqual([
      ['EVENT_NOBODY_ADDS', '/F/A/eventsToWaitFor/Events/0/Event'],
    ]);
    const everything = { folders: [...waiting.folders, ...adding.folders], looseJobs: [] };
    expect(checkJobs(waiting, { everything })).toEqual([]);
  });

  test('name what a type of job needs, unless Defaults give it, and note unknown types', () => {
    const jobs = { Type: 'Folder', A: { Type: 'Job:Script', FileName: 'a.sh' }, B: { Type: 'Job:Teleport' } };
    expect(findingsOf({ F: jobs }).map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['MISSING_PROPERTY', 'error', 'The job A has no FilePath, which jobs of the type Job:Script need.'],
      ['UNKNOWN_JOB_TYPE', 'note', 'Guildhall does not know what jobs of the type Job:Teleport need; the job is kept as it is.'],
    ]);
    expect(codesOf({ Defaults: { 'Job:Script': { FilePath: '/opt' } }, F: jobs })).toEqual(['UNKNOWN_JOB_TYPE']);
  });

  test.each([
    [{ Password: 'hunter2' }, '/F/A/Password'],
    [{ Auth: { ApiKey: 'k' } }, '/F/A/Auth/ApiKey'],
    [{ Variables: [{ DB_PASSWORD: 'x' }] }, '/F/A/Variables/0/DB_PASSWORD'],
  ])('find the secret in %j', (more, pointer) => {
    expect(findingsOf({ F: { Type: 'Folder', A: command(more) } })).toEqual([
      expect.objectContaining({ code: 'LITERAL_SECRET', pointer, hint: expect.stringContaining('{"Secret"') }),
    ]);
  });

  test('find names, events and values that Control-M would not keep', () => {
    const long = 'x'.repeat(300);
    const source = { F: { Type: 'Folder', [long]: command({ RunAs: long, eventsToAdd: adds(long) }) } };
    expect(codesOf(source)).toEqual(Array.from({ length: 3 }, () => 'TOO_LONG_FOR_CONTROL_M'));
  });

  test('hold names to the rules of the workspace', () => {
    const rules = [
      { appliesTo: 'job', forms: ['FIN_*', 'HR_##_*'] },
      { appliesTo: 'folder', forms: ['*'] },
      { appliesTo: 'event', forms: ['ev-*'], message: 'Events begin with ev-.' },
    ] as const;
    const source = { F: { Type: 'Folder', FIN_1: command(), HR_1_x: command(), HR_12_x: command({ eventsToAdd: adds('e') }) } };
    expect(findingsOf(source, { namingRules: rules }).map(({ code, message }) => [code, message])).toEqual([
      ['NAMING_RULE', 'The job HR_1_x must be named like FIN_* or HR_##_*.'],
      ['NAMING_RULE', 'Events begin with ev-.'],
    ]);
  });
});

/** The regular expression of a form. */
const asRegExp = (form: string) =>
  new RegExp(
    `^${form
      .replaceAll(/[.+?]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('#', '[0-9]')
      .replaceAll('@', String.raw`\p{L}`)}$`,
    'su',
  );
const text = (characters: string) => fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength: 12 });

describe('a form of a name', () => {
  test('fits what the regular expression of the same meaning fits', () => {
    fc.assert(
      fc.property(text('ab1.'), text('ab1.*#@'), (name, form) => {
        expect(hasForm(name, form)).toBe(asRegExp(form).test(name));
      }),
      { numRuns: 1_000 },
    );
  });
});
