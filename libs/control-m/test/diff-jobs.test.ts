import { describe, expect, test } from 'vitest';
import { diffJobs } from '../src/index.ts';
import { command, documentOf } from './documents.ts';
import { planOf, seeded, sourceOf } from './workspaces.ts';

const versionOf = (source: object | string) => {
  const document = documentOf(source);
  const [folder] = document.folders;
  if (folder === undefined) throw new Error('no folder');
  return { source: document.source, folder };
};

const nothing = { added: [], removed: [], moved: [], renamed: [], changedJobs: [], changedFolders: [] };

describe('the differences of two versions', () => {
  test('are told by job: added, removed, moved, renamed, and property by property', () => {
    const before = {
      F: {
        Type: 'Folder',
        Application: 'x',
        Stays: command({ RunAs: 'a', When: { WeekDays: ['MON'], FromTime: '0100' } }),
        Goes: { Type: 'Job:Dummy' },
        Moves: command({ Host: 'h' }),
        OldName: command({ Command: 'one of a kind' }),
        Sub: { Type: 'SubFolder' },
      },
    };
    const after = {
      G: {
        Type: 'Folder',
        Application: 'y',
        Stays: command({ RunAs: 'b', When: { WeekDays: ['MON'], ToTime: '0200' } }),
        Comes: { Type: 'Job:Script', FileName: 'x' },
        NewName: command({ Command: 'one of a kind' }),
        Sub: { Type: 'SubFolder', Moves: command({ Host: 'i' }) },
      },
    };
    expect(diffJobs(versionOf(before), versionOf(after))).toEqual({
      added: ['G/Comes'],
      removed: ['F/Goes'],
      moved: [{ from: 'F/Moves', to: 'G/Sub/Moves' }],
      renamed: [{ from: 'F/OldName', to: 'G/NewName' }],
      changedJobs: [
        {
          path: 'G/Stays',
          properties: [
            { property: '/RunAs', from: '"a"', to: '"b"' },
            { property: '/When/FromTime', from: '"0100"', to: null },
            { property: '/When/ToTime', from: null, to: '"0200"' },
          ],
        },
        { path: 'G/Sub/Moves', properties: [{ property: '/Host', from: '"h"', to: '"i"' }] },
      ],
      changedFolders: [{ path: 'G', properties: [{ property: '/Application', from: '"x"', to: '"y"' }] }],
    });
  });

  test('are none when the layout alone differs, and tell a number that is written otherwise', () => {
    const compact = '{"F":{"Type":"Folder","J":{"Type":"Job:Dummy","N":1.0}}}';
    const loose = '// x\n{ "F": { "Type": "Folder",\n "J": {"N": 1.0, "Type": "Job:\\u0044ummy", } } }';
    expect(diffJobs(versionOf(compact), versionOf(loose))).toEqual(nothing);
    const [change] = diffJobs(versionOf(compact), versionOf(compact.replace('1.0', '1'))).changedJobs;
    expect(change?.properties).toEqual([{ property: '/N', from: '1.0', to: '1' }]);
  });

  test('count every job once, whatever changed', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const next = seeded(seed);
      const [one, other] = [versionOf(sourceOf(planOf(next))), versionOf(sourceOf(planOf(next)))];
      const there = diffJobs(one, other);
      const kept = other.folder.jobs.length - there.added.length;
      expect(one.folder.jobs.length - there.removed.length).toBe(kept);
      expect(diffJobs(other, one).added).toHaveLength(there.removed.length);
    }
  });
});
