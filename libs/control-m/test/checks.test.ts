import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { checkJobs, graphOf, surroundingsOf } from '../src/index.ts';
import { hasForm } from '../src/check/naming-rules.ts';
import { codesOf, command, documentOf, findingsOf } from './documents.ts';

const waits = (...events: (string | { Event: string })[]) => ({ Type: 'WaitForEvents', Events: events });
const adds = (...names: string[]) => ({ Type: 'AddEvents', Events: names.map((Event) => ({ Event })) });
const flow = (...steps: string[]) => ({ Type: 'Flow', Sequence: steps });

/** A job whose condition of some type has an action, and one that waits for an event. */
const added = (type: string, action: object) => ({
  F: {
    Type: 'Folder',
    A: command({ 'IfBase:Folder:CompletionStatus_0': { Type: type, CompletionStatus: 'OK', action } }),
    B: command({ in: waits({ Event: 'x' }) }),
  },
});

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

  test('find circles of folders and what they hold, and none that an OR leads out of', () => {
    const held = {
      F: { Type: 'Folder', in: waits({ Event: 'x' }), A: command({ out: adds('x') }) },
      G: {
        Type: 'Folder',
        S: { Type: 'SubFolder', B: command({ in: waits({ Event: 'y' }) }) },
        C: command({ out: adds('y') }),
        Order: flow('S', 'C'),
      },
    };
    expect(findingsOf(held).map(({ code, message }) => [code, message])).toEqual([
      ['CYCLE', 'These wait for each other in a circle: F, F/A.'],
      ['CYCLE', 'These wait for each other in a circle: G/C, G/S, G/S/B.'],
    ]);
    const between = (word: 'OR' | 'AND') => ({
      F: {
        Type: 'Folder',
        A: command({ in: waits('(', { Event: 'b' }, word, { Event: 'c' }, ')'), out: adds('a') }),
        B: command({ in: waits({ Event: 'a' }), out: adds('b') }),
        C: command({ out: adds('c') }),
      },
    });
    expect([codesOf(between('OR')), codesOf(between('AND'))]).toEqual([[], ['CYCLE']]);
  });

  test('take thousands that wait for what thousands add', () => {
    const jobs = Array.from({ length: 2_000 }, (_, n) => [
      `J${n}`,
      command(n % 2 === 0 ? { out: adds('e') } : { in: waits({ Event: 'e' }) }),
    ]);
    expect(codesOf({ F: { Type: 'Folder', ...Object.fromEntries(jobs) } })).toEqual([]);
  });

  test('follow flows beside folders, between them and jobs of their document', () => {
    const source = {
      A: { Type: 'Folder', One: command() },
      B: { Type: 'Folder', Two: command({ out: adds('two') }) },
      Last: command(),
      Between: flow('A:One', 'B', 'Last'),
      Comment: 'Said by the way.',
    };
    expect(findingsOf(source)).toEqual([]);
    expect(graphOf(documentOf(source)).edges).toEqual([
      { from: 'A/One', to: 'B', kind: 'flow', by: 'Between' },
      { from: 'B', to: 'Last', kind: 'flow', by: 'Between' },
    ]);
    expect(
      findingsOf({ ...source, Back: flow('B:Two', 'A:Gone'), Circle: flow('Last', 'A') }).map(({ message }) => message),
    ).toEqual([
      'These wait for each other in a circle: A, A/One, B, B/Two, Last.',
      'The flow Back names A:Gone, and there is no folder or job of that name beside it.',
    ]);
  });

  test('see the events of actions, in every form of an If', () => {
    for (const type of ['If', 'If:CompletionStatus', 'IfBase:Folder:CompletionStatus', 'IfBase']) {
      expect(codesOf(added(type, { Type: 'Event:Add', Event: 'x' }))).toEqual([]);
      expect(codesOf(added(type, { Type: 'Action:Event:Add', Event: 'x', Date: 'OrderDate' }))).toEqual([]);
      expect(codesOf(added(type, { Type: 'Action:AddEvents', Events: [{ Event: 'x' }] }))).toEqual([]);
    }
    expect(codesOf(added('Notify:ExecutionTime', { Type: 'Mail' }))).toEqual(['EVENT_NOBODY_ADDS']);
  });

  test('name events that nobody adds, unless another folder does', () => {
    const waiting = documentOf({ F: { Type: 'Folder', A: command({ eventsToWaitFor: waits({ Event: 'x' }) }) } });
    const adding = documentOf({ G: { Type: 'Folder', eventsToAdd: adds('x') } });
    expect(checkJobs(waiting, {}).map(({ code, pointer }) => [code, pointer])).toEqual([
      ['EVENT_NOBODY_ADDS', '/F/A/eventsToWaitFor/Events/0/Event'],
    ]);
    const surroundings = surroundingsOf({ folders: [...waiting.folders, ...adding.folders], looseJobs: [] });
    expect(checkJobs(waiting, { surroundings })).toEqual([]);
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

  test.each([
    { PasswordExpirationDays: '30' },
    { CredentialName: 'orders' },
    { PrivateKeyPath: '/etc/keys/orders' },
    { 'Secret ARN': 'arn:aws:secretsmanager:eu' },
    { UseCredentials: 'true' },
    { SecretsManager: 'central' },
  ])('find no secret in %j', (more) => {
    expect(findingsOf({ F: { Type: 'Folder', A: command(more) } })).toEqual([]);
  });

  test.each([
    'Job:ApplicationIntegrator:Robot',
    'Job:Hadoop:Sqoop',
    'Job:SAP:R3:COPY',
    'Job:AWS EMR',
    'Job:Azure:DataFactory',
    'Job:GCP Workflows',
    'Job:WebServices',
    'Job:Airflow',
    'Job:Jenkins',
    'Job:Ansible AWX',
    'Job:Snowflake',
    'Job:zOS:Other',
    'Job:ZOS:Member',
  ])('know the type %s', (Type) => {
    expect(findingsOf({ F: { Type: 'Folder', A: { Type, ConnectionProfile: 'P' } } })).toEqual([]);
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
