import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { catchLog, failureEvidence, forgetEvidence, showLog, showLogFile } from '../src/failure-evidence.ts';

beforeEach(forgetEvidence);

describe('the evidence of a failing test', () => {
  test('is the last 30 lines of each log, in memory or in a file, and nothing of a log without lines', () => {
    const { stream } = catchLog('auth');
    catchLog('silent');
    for (let line = 1; line <= 40; line += 1) stream.write(`line ${line}\n`);
    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    const file = join(folder, 'audit.log');
    writeFileSync(file, 'listening\nstopping\n');
    const keep = showLogFile('audit', file);
    const expected = [
      '── the last lines of auth',
      ...Array.from({ length: 30 }, (_, index) => `line ${index + 11}`),
      '── the last lines of audit',
      'listening',
      'stopping',
      '',
    ].join('\n');
    expect(failureEvidence()).toBe(expected);
    keep();
    rmSync(folder, { recursive: true });
    expect(failureEvidence()).toBe(expected);
  });

  test('has the log of a service that was started for an earlier test file, where this one uses it', () => {
    const { stream, lines } = catchLog('auth');
    stream.write('listening');
    forgetEvidence();
    showLog('auth', lines);
    expect(failureEvidence()).toBe('── the last lines of auth\nlistening\n');
  });

  test('says when a log file is not there, and ends with the next test file', () => {
    showLogFile('gateway', '/nowhere/gateway.log');
    expect(failureEvidence()).toMatch(/^── the last lines of gateway\n\(cannot be read: ENOENT/);
    forgetEvidence();
    expect(failureEvidence()).toBe('');
  });
});
