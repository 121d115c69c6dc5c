import { describe, expect, test } from 'vitest';
import { factsOf, jobsOf, pointerPart } from '../src/index.ts';
import { awkwardName, codesOf, command, documentOf, read } from './documents.ts';
import * as fc from 'fast-check';

const ledger = `// The ledger of the night.
{
  "Defaults": { "RunAs": "batch", "Application": "ledger",
    "Job": { "Host": "hosts-a" }, "Job:Script": { "FilePath": "/opt/ledger/bin" } },
  "LEDGER": {
    "Type": "Folder", "ControlmServer": "S1", "SubApplication": "close",
    "Open": { "Type": "Job:Command", "Command": "open-day",
      "eventsToAdd": { "Type": "AddEvents", "Events": [{ "Event": "day-open" }] } },
    "Books": { "Type": "SubFolder",
      "Post": { "Type": "Job:Script", "FileName": "post.sh",
        "eventsToWaitFor": { "Type": "WaitForEvents", "Events": [{ "Event": "day-open" }, "OR", { "Event": "by-hand" }] },
        "When": { "RuleBasedCalendars": { "Included": ["WORKDAYS"] }, "MonthDaysCalendar": "MONTHS", "WeekDays": ["MON"] },
        "Variables": [{ "DAY": "%%ODATE" }, { "MODE": "full" }],
        "Printer": { "Type": "Resource:Pool", "Quantity": "1" },
        "Failed": { "Type": "If:CompletionStatus", "CompletionStatus": "NOTOK",
          "Tell": { "Type": "Event:Add", "Event": "post-failed" },
          "Again": { "Type": "Run", "Folder": "LEDGER", "Job": "Open" } },
        "eventsToDelete": { "Type": "DeleteEvents", "Events": [{ "Event": "day-open" }] } } },
    "Order": { "Type": "Flow", "Sequence": ["Open", "Books"] }
  },
  "PLAIN": { "Type": "SimpleFolder", "SubApplication": "none", "Jobs": [
    { "Type": "Job:Teleport", "Name": "Beam" }, { "Type": "Job:Teleport", "Name": "Beam" } ] },
  "Alone": { "Type": "Job:Command", "Command": "uptime" },
  "DB": { "Type": "ConnectionProfile:Database:PostgreSQL", "User": "x" },
}
`;

describe('a Control-M document', () => {
  test('has folders, subfolders, listed jobs, loose jobs, and what is something else', () => {
    const document = documentOf(ledger);
    expect(document.folders.map(({ name, kind }) => [name, kind])).toEqual([
      ['LEDGER', 'Folder'],
      ['PLAIN', 'SimpleFolder'],
    ]);
    expect(jobsOf(document).map(({ path, type, pointer }) => [path, type, pointer])).toEqual([
      ['LEDGER/Open', 'Job:Command', '/LEDGER/Open'],
      ['LEDGER/Books/Post', 'Job:Script', '/LEDGER/Books/Post'],
      ['PLAIN/Beam', 'Job:Teleport', '/PLAIN/Jobs/0'],
      ['PLAIN/Beam#2', 'Job:Teleport', '/PLAIN/Jobs/1'],
      ['Alone', 'Job:Command', '/Alone'],
    ]);
    expect(document.others.map(({ kind, member }) => [kind, member.name])).toEqual([['connection profile', 'DB']]);
  });

  test('resolves what a job takes from its folders and from Defaults, which stay apart', () => {
    const document = documentOf(ledger);
    const facts = jobsOf(document).map((job) => factsOf(job, document.defaults));
    expect(facts[1]).toEqual({
      path: 'LEDGER/Books/Post',
      name: 'Post',
      type: 'Job:Script',
      host: 'hosts-a',
      runAs: 'batch',
      application: 'ledger',
      subApplication: 'close',
      description: null,
      command: null,
      fileName: 'post.sh',
      filePath: '/opt/ledger/bin',
      connectionProfile: null,
      waitsFor: ['day-open', 'by-hand'],
      adds: ['post-failed'],
      deletes: ['day-open'],
      calendars: ['WORKDAYS', 'MONTHS'],
      variables: ['DAY', 'MODE'],
      resources: ['Printer'],
    });
    expect(facts[2]?.subApplication).toBeNull();
    expect(document.folders[0]?.node.members.some(({ name }) => name === 'RunAs')).toBe(false);
  });

  test('has one job for each that is written, under any name', () => {
    const names = fc.uniqueArray(
      awkwardName.filter((name) => !['__proto__', 'constructor', 'prototype', 'Type', 'Jobs', 'Defaults'].includes(name)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(names, (jobNames) => {
        const folder = Object.fromEntries([['Type', 'Folder'], ...jobNames.map((name) => [name, command()] as const)]);
        const paths = jobsOf(documentOf({ F: folder })).map(({ path }) => path);
        expect(paths.toSorted()).toEqual(jobNames.map((name) => `F/${pointerPart(name)}`).toSorted());
      }),
    );
  });

  test.each([
    [{ DeployDescriptor: [{ Property: 'Host', Assign: 'x' }] }, 'a deploy descriptor'],
    [[{ Property: 'Host', Replace: [{ a: 'b' }] }], 'a deploy descriptor'],
    [{ P: { Type: 'ConnectionProfile:FileTransfer:SFTP' } }, 'a connection profile'],
    [{ C: { Type: 'Calendar:RuleBased' } }, 'a calendar'],
    [{ Type: 'Folder', J: command() }, 'a folder without a name'],
    [{ Type: 'Job:Command', Command: 'x' }, 'a job without a name'],
    [{ Defaults: { RunAs: 'x' } }, 'a set of defaults'],
    [{ a: 1 }, 'something else'],
    [[1], 'something else'],
  ])('is named for what it is when it holds no jobs: %j', (source, what) => {
    const { document, findings } = read(JSON.stringify(source));
    expect([document, findings.at(-1)]).toEqual([
      undefined,
      expect.objectContaining({ code: 'NO_JOBS', message: `The document holds no folder and no job: it is ${what}.` }),
    ]);
  });

  test('keeps objects that it does not know, and says so', () => {
    expect(codesOf({ F: { Type: 'Folder' }, X: { Type: 'Gadget' } })).toEqual(['UNKNOWN_OBJECT']);
  });
});
