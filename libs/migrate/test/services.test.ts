import { existsSync, readFileSync } from 'node:fs';
import { testServerUrl } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/commands.ts';
import { allServices, hasMigrations } from '../src/services.ts';

const services = allServices.filter(hasMigrations);

/** The committed text is PostgreSQL 18's; another server writes the same schema in other words. */
const isOwnServer = process.env['TEST_DATABASE_URL'] === undefined;

describe.runIf(isOwnServer)('the migrations of a service', () => {
  test('are there to be looked at', () => {
    expect(services.map(({ name }) => name)).toEqual(['auth', 'team-resources', 'audit', 'gateway']);
  });

  test.each(services)('$name: each leads up, down and up again, and all of them to the committed schema.sql', async (service) => {
    const lines: string[] = [];
    const env = { DATABASE_URL: testServerUrl() };
    await commands.verify({ env, print: (line) => lines.push(line), service: service.name, count: undefined, name: undefined });
    expect(lines).toEqual([expect.stringMatching(`^${service.name}: \\d+ migrations lead up, down and up again to schema.sql$`)]);
    expect(existsSync(service.schemaFile) && readFileSync(service.schemaFile, 'utf8')).toContain('CREATE TABLE');
  });
});
