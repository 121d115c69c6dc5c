import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { waitFor } from '@guildhall/testkit';
import getPort from 'get-port';
import { repositoryRoot } from '../source/repository.ts';
import type { Stack } from '../dev/stack.ts';

const observability = path.join(repositoryRoot, 'infra/observability');
const stopTimeoutMs = 5_000;

interface Prometheus {
  /** Asks its HTTP API. Throws when it refuses. */
  ask<T>(what: string): Promise<T>;
  stop(): Promise<void>;
}

/** Puts the addresses of this run into infra/observability/prometheus.yml. Throws when a line to be replaced is not there. */
const ownConfiguration = (targets: readonly string[], tokenFile: string): string => {
  const replaced: readonly (readonly [RegExp, string])[] = [
    [/targets: \[.*\]/, `targets: [${targets.map((target) => `'${target}'`).join(', ')}]`],
    [/scrape_interval: 15s/, 'scrape_interval: 1s'],
    [/evaluation_interval: 15s/, 'evaluation_interval: 1s'],
    [/- alerts\.yml/, `- ${path.join(observability, 'alerts.yml')}`],
    [/- job_name: guildhall/, `- job_name: guildhall\n    authorization: { credentials_file: ${tokenFile} }`],
  ];
  return replaced.reduce(
    (text, [from, to]) => {
      if (!from.test(text)) throw new Error(`infra/observability/prometheus.yml has no ${from.source}`);
      return text.replace(from, () => to);
    },
    readFileSync(path.join(observability, 'prometheus.yml'), 'utf8'),
  );
};

const startPrometheus = async (folder: string, targets: readonly string[], token: string): Promise<Prometheus> => {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'prometheus.yml');
  const tokenFile = path.join(folder, 'token');
  writeFileAtomically(tokenFile, token, { isDurable: false });
  writeFileAtomically(file, ownConfiguration(targets, tokenFile), { isDurable: false });
  const address = `127.0.0.1:${await getPort()}`;
  const settings = [`--config.file=${file}`, `--storage.tsdb.path=${path.join(folder, 'data')}`, '--log.level=warn'];
  const child = spawn('prometheus', [...settings, `--web.listen-address=${address}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) return true;
    return (await fetch(`http://${address}/-/ready`)).ok;
  };
  await waitFor(isReady, { timeoutMs: 60_000, what: 'Prometheus to be ready' });
  if (child.exitCode !== null) throw new Error(`Prometheus did not start: ${said}`);
  return {
    ask: async <T>(what: string) => {
      const answer = await fetch(`http://${address}/api/v1/${what}`);
      const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
      if (status !== 'success') throw new Error(`Prometheus refuses ${what}: ${error ?? ''}`);
      return data;
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await gone;
      clearTimeout(cut);
    },
  };
};

interface Targets {
  readonly activeTargets: readonly { readonly scrapeUrl: string; readonly health: string; readonly lastError: string }[];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly name: string;
      readonly health: string;
      readonly lastError?: string;
      readonly state: string;
    }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** Has a real Prometheus with the configuration of infra scrape every process with METRICS_TOKEN as a bearer, evaluate every alert rule and read what the dashboard shows. Throws when something does not hold. */
export const scrapeStack = async ({ urls }: Stack, folder: string, token: string): Promise<void> => {
  const prometheus = await startPrometheus(
    folder,
    Object.values(urls).map((url: string) => new URL(url).host),
    token,
  );
  try {
    const targets = async () => (await prometheus.ask<Targets>('targets?state=active')).activeTargets;
    const known = async () => (await targets()).filter(({ health }) => health !== 'unknown').length;
    await waitFor(async () => (await known()) === Object.keys(urls).length, { what: 'every process to be scraped' });
    const scraped = await targets();
    deepEqual(
      scraped.map(({ health, lastError }) => ({ health, lastError })),
      Object.keys(urls).map(() => ({ health: 'up', lastError: '' })),
    );

    const rules = async () => (await prometheus.ask<Rules>('rules?type=alert')).groups.flatMap((group) => group.rules);
    await waitFor(async () => (await rules()).every(({ health }) => health !== 'unknown'), {
      what: 'every rule to be evaluated',
    });
    const evaluated = await rules();
    ok(evaluated.length > 0);
    deepEqual(
      evaluated.filter(({ health, state }) => health !== 'ok' || state === 'firing'),
      [],
    );

    const dashboard = JSON.parse(readFileSync(path.join(observability, 'dashboard.json'), 'utf8')) as Dashboard;
    const expressions = dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr));
    for (const expression of expressions)
      await prometheus.ask(`query?query=${encodeURIComponent(expression.replaceAll('$__rate_interval', '1m'))}`);
    const answered = await prometheus.ask<{ readonly result: readonly unknown[] }>(
      'query?query=http_request_duration_seconds_count',
    );
    equal(answered.result.length > 0, true);
  } finally {
    await prometheus.stop();
  }
};
