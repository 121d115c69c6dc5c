import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { drillMetrics } from '../../../tools/dev/backup-files.ts';
import type { TestStack } from '../../support/test-stack.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const alerts = textOf('infra/observability/alerts.yml');
const dashboard = JSON.parse(textOf('infra/observability/dashboard.json')) as {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
};

/** Exported while FORWARD_URL is set: services/audit/test/contract/forward.faults.test.ts reads them. */
const whileForwarding = ['audit_forward_lag_seconds', 'audit_forward_failures_total', 'audit_forward_gone'];
/** Made by Prometheus itself for each target. */
const ofPrometheus = ['up'];

const words = /^(?:and|or|unless|by|without|on|ignoring|offset|bool|\$__rate_interval)$/;

/** The metrics that a PromQL expression reads. */
const metricsIn = (expression: string): readonly string[] => {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(?:by|without)\s*\([^)]*\)/g, ' ');
  const names = [...bare.matchAll(/[a-z_:][\w:]*(?!\w*\s*\()/gi)].map(([name]) => name);
  return names.filter((name) => !words.test(name) && !/^\d/.test(name));
};

const expressions = [
  ...[...alerts.matchAll(/^\s+expr: (.*)$/gm)].map(([, expression = '']) => expression),
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
];

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );

const exportedBy = async (url: string): Promise<readonly string[]> => namesIn(await (await fetch(`${url}/metrics`)).text());

/** Written by `make backup-drill` for the textfile collector of node_exporter. */
const ofDrills = namesIn(drillMetrics({ takenAt: '2026-01-01T00:00:00Z', heldAt: '2026-01-01T00:00:00Z' }));

/** The names that a pattern finds, each once, sorted. */
const namesOf = (pattern: RegExp, text: string): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted((one, other) => one.localeCompare(other));
const alertNames = namesOf(/- alert: (\w+)/g, alerts);

/** Tests that alerts and dashboard name what is there. */
export const testMetrics = (stackOf: () => TestStack): void => {
  test('the metrics that alert rules and the dashboard read are exported by the processes', async () => {
    const { urls } = stackOf().stack;
    const exported = new Set((await Promise.all(Object.values(urls).map(exportedBy))).flat());
    const read = new Set(expressions.flatMap(metricsIn));
    expect([...read]).toEqual(expect.arrayContaining(['http_request_duration_seconds_bucket', 'audit_fault', 'up']));
    expect(
      [...read].filter((name) => !exported.has(name) && ![...whileForwarding, ...ofDrills, ...ofPrometheus].includes(name)),
    ).toEqual([]);
  });

  test('a name that nothing exports is found', () => {
    expect(metricsIn('sum by (service, le) (rate(a_total{b="c_total"}[5m])) / time() > 0.5 and d_seconds unless e == 1')).toEqual(
      ['a_total', 'd_seconds', 'e'],
    );
  });

  test('each alert is tried with what makes it fire', () => {
    const fired = /alertname: (\w+)\n +exp_alerts:\n +- exp_labels/g;
    expect(namesOf(fired, textOf('infra/observability/alerts.test.yml'))).toEqual(alertNames);
  });

  test('each alert has a section of its own that says what to do, and no section is of an alert that there is not', () => {
    const runbooks = [...alerts.matchAll(/^\s+- alert: (\w+)$[^]*?^\s+runbook: (.*)$/gm)];
    expect(runbooks.map(([, name = '', runbook]) => [name, runbook])).toEqual(
      [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => [name, `docs/operations.md#${name.toLowerCase()}`]),
    );
    const [, sections = ''] = /^## Alarms$([^]*?)^## /m.exec(textOf('docs/operations.md')) ?? [];
    expect(namesOf(/^### (\w+)$/gm, sections)).toEqual(alertNames);
  });
};
