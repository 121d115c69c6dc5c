import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '@guildhall/files';

const folderOf = (major: number): string => `/usr/lib/postgresql/${major}`;
const isInstalled = (major: number): boolean => existsSync(path.join(folderOf(major), 'bin', 'postgres'));

const updateSecondsMax = 120;
const installSecondsMax = 240;

/** Asked by Debian's packages before they start a service; 101 forbids it. */
const policyFile = '/usr/sbin/policy-rc.d';

const apt = (secondsMax: number, ...command: readonly string[]): boolean =>
  spawnSync('apt-get', ['-qq', ...command], {
    stdio: 'ignore',
    timeout: secondsMax * 1_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** The package makes a cluster of its own; the policy keeps that from being started. */
const withoutStarting = (install: () => void): void => {
  const hasPolicy = existsSync(policyFile);
  if (!hasPolicy) writeFileAtomically(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755, isDurable: false });
  try {
    install();
  } finally {
    if (!hasPolicy) rmSync(policyFile, { force: true });
  }
};

/**
 * The folder of Debian's PostgreSQL, installed by root where it is missing and apt has it, within six minutes. Undefined
 * when it cannot be had.
 */
export const findDebianPostgres = (major: number, say: (line: string) => void): string | undefined => {
  if (!isInstalled(major) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`Installing postgresql-${major} ...`);
    withoutStarting(() => {
      if (apt(updateSecondsMax, 'update'))
        apt(installSecondsMax, 'install', '-y', '--no-install-recommends', `postgresql-${major}`);
    });
  }
  return isInstalled(major) ? folderOf(major) : undefined;
};
