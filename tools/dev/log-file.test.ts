import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeLog, logSize } from './log-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-log-'));
  file = join(folder, 'auth.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a log is described by what was written since the start, in lines for people', () => {
  writeFileSync(file, 'from an earlier run\n');
  const from = logSize(file);
  writeFileSync(file, '{"level":60,"time":"2026-01-01T00:00:00Z","service":"auth","pid":1,"msg":"could not start"}\nno JSON\n', {
    flag: 'a',
  });
  expect(describeLog(file, from)).toMatch(/^Its log ends with:\n\[\d\d:\d\d:\d\d\] FATAL: auth: could not start\nno JSON$/);
});

test('an empty log is no tail: that nothing was logged is said', () => {
  expect([logSize(file), describeLog(file, 0)]).toEqual([0, `It has logged nothing (${file}).`]);
  writeFileSync(file, 'from an earlier run\n');
  expect(describeLog(file, logSize(file))).toBe(`It has logged nothing (${file}).`);
});
