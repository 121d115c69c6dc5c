import { describe, expect, it } from 'vitest';
import { findPlanted as find } from './rules.ts';

const src = 'services/auth/src/core/planted.ts';
const at = (name: string): [string, string] => [`services/auth/migrations/${name}`, ''];
describe('a planted violation is found in the tree, its packages and its migrations:', () => {
  it('a version outside the catalog', () => {
    const manifest = {
      dependencies: { a: 'catalog:', b: '^1.0.0' },
      devDependencies: { '@guildhall/c': 'workspace:*', d: '2.0.0' },
    };
    expect(find('one version per dependency', ['libs/a/package.json', JSON.stringify(manifest)])).toEqual([
      'libs/a/package.json: b ^1.0.0',
      'libs/a/package.json: d 2.0.0',
    ]);
  });

  it('an import of a package that the importing one does not declare', () => {
    const manifest = {
      dependencies: { '@guildhall/http': 'workspace:*', typebox: 'catalog:' },
      devDependencies: { pg: 'catalog:' },
    };
    const text = [
      "import { readFile } from 'node:fs/promises';",
      "import { Type } from 'typebox/format';",
      "import { serve } from '@guildhall/http';",
      "import { Client } from 'pg';",
      "export { a } from './a.ts';",
      "const b = await import('@guildhall/db');",
    ].join('\n');
    expect(find('declared dependencies', ['services/auth/package.json', JSON.stringify(manifest)], [src, text])).toEqual([
      `${src}:4: pg`,
      `${src}:6: @guildhall/db`,
    ]);
  });

  it('a setting that the README does not describe', () => {
    const config = "settings.text('MAIL_FROM'); settings.integer('PORT', 0); readServiceIdentity(env, 'auth'); env.SMTP_URL;";
    expect(
      find(
        'described settings',
        ['services/auth/src/config.ts', config],
        ['services/auth/README.md', 'PORT and MAIL_FROM_NAME.'],
      ),
    ).toEqual([
      'services/auth/README.md: MAIL_FROM is not described',
      'services/auth/README.md: SERVICE_KEY is not described',
      'services/auth/README.md: SERVICE_PUBLIC_KEYS is not described',
      'services/auth/README.md: SMTP_URL is not described',
    ]);
  });

  it('migrations without their other half, with a gap, or misnamed', () => {
    const pair = (step: string): [string, string][] => [at(`${step}.up.sql`), at(`${step}.down.sql`)];
    const rule = 'migrations in pairs';
    const folder = 'services/auth/migrations';
    expect(find(rule, ...pair('0001_a'), ...pair('0002_b'))).toEqual([]);
    expect(find(rule, ...pair('0001_a'), at('0002_b.up.sql'))).toEqual([`${folder}: 0002_b.down.sql is missing`]);
    expect(find(rule, ...pair('0001_a'), ...pair('0003_b'))).toEqual([`${folder}: 0003_b stands where 0002 should`]);
    expect(find(rule, ...pair('0001_a'), ...pair('0001_b'))).toEqual([`${folder}: 0001_b stands where 0002 should`]);
    expect(find(rule, ...pair('0001_a'), ...pair('0002-B'))).toEqual([
      `${folder}: 0002-B.up.sql is not NNNN_words.up.sql or .down.sql`,
      `${folder}: 0002-B.down.sql is not NNNN_words.up.sql or .down.sql`,
      `${folder}: 0002-B stands where 0002 should`,
    ]);
  });

  it.each(['saveScript.ts', 'save_script.ts', 'Save.ts', 'a b.md'])('the file name %s', (name) => {
    expect(find('kebab-case files', [`tools/${name}`, ''])).toEqual([`tools/${name}`]);
  });

  it.each(['save-script.ts', 'save-script.test.ts', 'README.md', '0001_create_users.up.sql', '0001-why.md', 'tsconfig.json'])(
    'but %s is fine',
    (name) => {
      expect(find('kebab-case files', [`tools/${name}`, ''])).toEqual([]);
    },
  );
});
