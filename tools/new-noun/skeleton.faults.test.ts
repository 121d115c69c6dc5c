import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { testServerUrl } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Writes a noun into a copy of the repository, adds the lines that it asks for, and tries it there. It takes half a minute. */

const root = path.resolve(import.meta.dirname, '../..');
/** The time limit that ends a hang: four processes run one after the other, which takes minutes on a busy machine. */
const timeoutMs = 900_000;
let copy: string;

const run = async (...command: readonly string[]): Promise<string> => {
  const env = { ...process.env, DATABASE_URL: testServerUrl(), TEST_DATABASE_URL: testServerUrl() };
  const options = { cwd: copy, env, maxBuffer: 10_000_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [...command], options).catch((error: unknown) => {
    const { stdout: out, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${command.join(' ')}\n${out.slice(-4_000)}${stderr.slice(-4_000)}`, { cause: error });
  });
  return stdout;
};

/** Puts a line before the first line that has the text. */
const insert = async (file: string, before: string, line: string): Promise<void> => {
  const text = await readFile(path.join(copy, file), 'utf8');
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
  await writeFile(path.join(copy, file), text.replace(before, `${line}${before}`));
};

/** Links every package from outside, and the libs of the copy: tests of the whole import those, too. */
const linkModules = async (): Promise<void> => {
  const [from, to] = [path.join(root, 'node_modules'), path.join(copy, 'node_modules')];
  await mkdir(path.join(to, '@guildhall'), { recursive: true });
  const outside = (await readdir(from)).filter((name) => name !== '@guildhall' && name !== '.cache');
  for (const name of outside) await symlink(path.join(from, name), path.join(to, name));
  for (const name of await readdir(path.join(from, '@guildhall'))) {
    await symlink(path.join(copy, 'libs', name), path.join(to, '@guildhall', name));
  }
};

beforeAll(async () => {
  await mkdir(path.join(root, '.tmp'), { recursive: true });
  copy = await mkdtemp(path.join(root, '.tmp', 'new-noun-'));
  for (const name of [
    'libs',
    'services',
    'tools',
    'tests',
    'web',
    'docs',
    'README.md',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]) {
    await cp(path.join(root, name), path.join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  await linkModules();
}, timeoutMs);
afterAll(() => rm(copy, { recursive: true, force: true }));

test('the skeleton of a noun works once its lines stand in the shared files', { timeout: timeoutMs }, async () => {
  const asked = await run('tools/new-noun/main.ts', 'team-resources', 'badges');
  const permissions = ['read', 'create', 'update', 'delete'].map((verb) => `'badge:${verb}', `);
  await insert('libs/contracts/src/index.ts', 'export {', "export { badgeRoutes, type Badge } from './routes/badges.ts';\n");
  // At the ends of the lists, whatever stands in them.
  const permissionsFile = 'libs/contracts/src/permissions.ts';
  await insert(permissionsFile, '] as const;\nexport type CommunityPermission', permissions.join(''));
  await insert(permissionsFile, '];\nconst member:', "'badge:read', ");
  await insert(permissionsFile, '];\nconst moderator:', permissions.slice(1).join(''));
  await insert('services/gateway/src/route-table.ts', 'roleRoutes,', 'badgeRoutes,\n  ');
  await insert('services/gateway/src/route-table.ts', '...inCommunity(memberRoutes),', '...inCommunity(badgeRoutes),\n    ');
  await insert(
    'services/team-resources/src/store/stores.ts',
    'import { createShared',
    "import { createBadges } from './badges.ts';\n",
  );
  await insert('services/team-resources/src/store/stores.ts', 'members: create', 'badges: createBadges(connection),\n    ');
  await insert(
    'services/team-resources/src/app.ts',
    'import { addCommunity',
    "import { addBadgeRoutes } from './routes/badges.ts';\n",
  );
  await insert('services/team-resources/src/app.ts', 'addMemberRoutes,', 'addBadgeRoutes, ');
  await insert(
    'services/team-resources/src/store/column-classes.ts',
    'communities: {',
    "badges: { public: `${editable} community_id`, personal: 'name' },\n  ",
  );
  const edited = [
    'index.ts',
    'permissions.ts',
    'route-table.ts',
    'stores.ts',
    'app.ts',
    'column-classes.ts',
    'access-oracle.ts',
    'CHANGELOG.md',
  ];
  expect(asked.match(/^ {2}\S+\/?(?=: )/gm)?.map((file) => path.basename(file.trim()))).toEqual(edited);

  await run('tools/generate/all.ts', '--only=migration-checksums');
  await run('libs/migrate/src/cli.ts', 'dump', '--service', 'team-resources');
  await run('tools/generate/all.ts');
  const include = ['libs/contracts/src', 'services/gateway/src', 'services/team-resources/src', 'services/team-resources/test'];
  await writeFile(path.join(copy, 'tsconfig.noun.json'), JSON.stringify({ extends: './tsconfig.json', include }));
  expect(await run('node_modules/typescript/bin/tsc', '--noEmit', '--project', 'tsconfig.noun.json')).toBe('');
  await run(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'tests',
    'services/team-resources/test/contract/badges.test.ts',
    'tests/contract/e',
    'tests/contract/statement-counts',
    '-t',
    '[bB]adge',
  );
});
