import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Generator } from './all.ts';

const root = join(import.meta.dirname, '..', '..');
const path = 'README.md';

const migrationsOf = (service: string): number =>
  readdirSync(join(root, 'services', service, 'migrations')).filter((name) => name.endsWith('.up.sql')).length;

/** Puts the number of migrations of each service into the output that README shows. */
export const withMigrationCounts = (document: string, countOf: (service: string) => number = migrationsOf): string =>
  document
    .replaceAll(
      / (auth|team-resources|audit): \d+ migrations applied/g,
      (_all, service: string) => ` ${service}: ${countOf(service)} migrations applied`,
    )
    .replaceAll(
      /"migrate_auth","status":"done","detail":"\d+ of \d+ migrations"/g,
      () => `"migrate_auth","status":"done","detail":"${countOf('auth')} of ${countOf('auth')} migrations"`,
    );

/** The numbers of migrations in README. */
export const generator: Generator = {
  name: 'migration counts',
  files: async () => new Map([[path, withMigrationCounts(readFileSync(join(root, path), 'utf8'))]]),
};
