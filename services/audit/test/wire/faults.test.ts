import { Writable } from 'node:stream';
import { AppError } from '@guildhall/errors';
import { auditFaults } from '@guildhall/contracts';
import { createLog, createMetrics } from '@guildhall/http';
import { describe, expect, test } from 'vitest';
import { orFault } from '../../src/core/faults.ts';
import { createReportedFaults } from '../../src/wire/faults.ts';

const at = '2026-03-01T10:00:00.000Z';

const start = () => {
  const lines: unknown[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      const { level, fault, reason, since } = JSON.parse(String(line)) as Record<string, unknown>;
      lines.push({ level, fault, ...(reason === undefined ? { since } : { reason }) });
      done();
    },
  });
  const metrics = createMetrics('audit');
  const faults = createReportedFaults(metrics, () => new Date(at), createLog({ service: 'audit', level: 'info' }, destination));
  const gauges = async (): Promise<Record<string, number>> => {
    const found = await metrics.registry.getSingleMetric('audit_fault')?.get();
    return Object.fromEntries(found?.values.map(({ labels, value }) => [String(labels['name']), value]) ?? []);
  };
  return { faults, lines, gauges };
};

const failWith = async (error: Error): Promise<never> => {
  throw error;
};

describe.each(auditFaults)('the fault %s', (name) => {
  test('has a line at level error, a gauge and a reason of its own, until it is over', async () => {
    const { faults, lines, gauges } = start();
    const none = Object.fromEntries(auditFaults.map((each) => [each, 0]));
    expect(await gauges()).toEqual(none);
    faults.raise(name, 'It stands still.');
    faults.raise(name, 'It stands still.');
    expect(await gauges()).toEqual({ ...none, [name]: 1 });
    expect(faults.standing()).toEqual([{ name, reason: 'It stands still.', since: at }]);
    faults.clear(name);
    faults.clear(name);
    expect([await gauges(), faults.standing()]).toEqual([none, []]);
    expect(lines).toEqual([
      { level: 50, fault: name, reason: 'It stands still.' },
      { level: 30, fault: name, since: at },
    ]);
  });

  test('is not raised by a database that is away, and ends with the next success', async () => {
    const { faults } = start();
    const away = new AppError('SHARED_DB_UNAVAILABLE', 'The shared database is away.');
    await expect(orFault(faults, name, () => failWith(away))).rejects.toBe(away);
    expect(faults.isStanding(name)).toBe(false);
    const other = new Error('The head is not what it was.');
    await expect(orFault(faults, name, () => failWith(other))).rejects.toBe(other);
    expect(faults.standing().map(({ reason }) => reason)).toEqual(['The head is not what it was.']);
    expect([await orFault(faults, name, async () => 7), faults.standing()]).toEqual([7, []]);
  });
});
