import { expect, test } from 'vitest';
import { beginBlame, goBack, type SavedVersion } from '../src/control-m/job-blame.ts';

const saved = (version: number) => ({ version, createdByName: `writer ${version}` }) as SavedVersion;
const none = { added: [], removed: [], moved: [], renamed: [], changedJobs: [], changedFolders: [] };
const set = (path: string, property: string, from: string, to: string) => ({ path, properties: [{ property, from, to }] });

test('each property is blamed on the last version that set it, through a new name, and the rest on the one that the job came with', () => {
  const steps = [
    {
      to: saved(5),
      differences: { ...none, changedJobs: [set('N/Load', '/RunAs', '"a"', '"b"'), set('N/Other', '/Host', '1', '2')] },
    },
    { to: saved(4), differences: { ...none, renamed: [{ from: 'N/Old', to: 'N/Load' }] } },
    {
      to: saved(3),
      differences: {
        ...none,
        changedJobs: [
          {
            path: 'N/Old',
            properties: [
              { property: '/RunAs', from: '"x"', to: '"a"' },
              { property: '/Host', from: '1', to: '3' },
            ],
          },
        ],
      },
    },
    { to: saved(2), differences: { ...none, added: ['N/Old'] } },
    { to: saved(1), differences: { ...none, changedJobs: [set('N/Old', '/Priority', '1', '2')] } },
  ];
  expect(steps.reduce(goBack, beginBlame('N/Load'))).toEqual({
    path: 'N/Old',
    properties: [
      { property: '/RunAs', from: '"a"', to: '"b"', by: saved(5) },
      { property: '/Host', from: '1', to: '3', by: saved(3) },
    ],
    origin: saved(2),
  });
});
