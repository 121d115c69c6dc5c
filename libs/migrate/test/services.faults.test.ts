import { existsSync, readFileSync } from 'node:fs';
import { detectEngine } from '@guildhall/engine';
import { testServerUrl } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/commands.ts';
import { withClient } from '../src/connection.ts';
import { allServices, hasMigrations } from '../src/services.ts';

describe('the migrations of a service', () => {
  test.each(allServices.filter(hasMigrations))(
    '$name: each leads up, down and up again, with rows in every table, and all of them to the committed schema.sql',
    async (service) => {
      const lines: string[] = [];
      const env = { DATABASE_URL: testServerUrl() };
      await commands.verify({ env, print: (line) => lines.push(line), service: service.name, count: undefined, name: undefined });
      const { wordsCatalogAsPostgres } = await withClient(testServerUrl(), detectEngine);
      const isCompared = service.engine === 'sqlite' || wordsCatalogAsPostgres;
      const end = isCompared ? ' to schema.sql' : "; schema.sql is in PostgreSQL's words and was not compared";
      expect(lines).toEqual([expect.stringMatching(`^${service.name}: \\d+ migrations lead up, down and up again${end}$`)]);
      expect(existsSync(service.schemaFile) && readFileSync(service.schemaFile, 'utf8')).toContain('CREATE TABLE');
    },
  );
});
