import { expect, test } from 'vitest';
import { drillMetrics } from './backup-files.ts';

test('a drill that held is told in the form that Prometheus reads, in seconds', () => {
  const drill = { file: 'a', takenAt: '2026-11-29T10:45:00.500Z', heldAt: '2026-11-29T11:00:00.000Z', rows: 1, provenEvents: 1 };
  expect(
    drillMetrics(drill)
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toEqual([
    'guildhall_backup_drill_held_timestamp_seconds 1795950000',
    'guildhall_backup_proven_timestamp_seconds 1795949100.5',
    '',
  ]);
});
