import { describe, expect, it } from 'vitest';
import { rooms } from './rooms.ts';
import { roomOf, violationsOf } from './rooms/check-imports.ts';
import { readLibExports } from './rooms/lib-exports.ts';
import { filesMatching, typeScriptFiles } from './source/repository.ts';

const libs = { errors: ['.'], contracts: ['.', './routes'], http: ['.'], db: ['.'], testkit: ['.'], principal: ['.'] };
const check = (path: string, text: string): string[] => violationsOf({ path, text }, rooms, libs);

describe('the rooms of this repository', () => {
  const files = typeScriptFiles();

  it('are kept by every file', () => {
    const exports = readLibExports();
    expect(files.flatMap((file) => violationsOf(file, rooms, exports))).toEqual([]);
  });

  it('were looked into: every folder that exists has files that were checked, in the room that is meant for it', () => {
    const seen = new Set(files.map(({ path }) => roomOf(path, rooms)?.name));
    expect([...seen]).toEqual(
      expect.arrayContaining(['libs/errors', 'libs/contracts', 'libs/http', 'tests and tools of the whole']),
    );
    const empty = rooms.filter(({ name, files: patterns }) => filesMatching(...patterns).some(isTypeScript) !== seen.has(name));
    expect(empty.map(({ name }) => name)).toEqual([]);
  });

  it('hold every service: each has a core, an app, a wire and a main that were checked', () => {
    const paths = new Set(files.map(({ path }) => path));
    const services = filesMatching('services/*/package.json').map(({ path }) => path.replace('/package.json', ''));
    expect(services).toEqual(['services/audit', 'services/auth', 'services/gateway', 'services/team-resources']);
    const missing = services.flatMap((service) => ['app', 'wire', 'main'].map((part) => `${service}/src/${part}.ts`));
    expect(missing.filter((path) => !paths.has(path))).toEqual([]);
  });

  it('use the same names in every service: createApp and AppParts in app.ts, start in wire.ts', () => {
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const lacks = (path: string, name: RegExp): readonly string[] =>
      name.test(texts.get(path) ?? '') ? [] : [`${path} exports no ${name.source}`];
    const services = filesMatching('services/*/package.json').map(({ path }) => path.replace('/package.json', '/src'));
    expect(services).toHaveLength(4);
    expect(
      services.flatMap((folder) => [
        ...lacks(`${folder}/app.ts`, /export const createApp\b/),
        ...lacks(`${folder}/app.ts`, /export (?:interface|type) AppParts\b/),
        ...lacks(`${folder}/wire.ts`, /export const start\b/),
      ]),
    ).toEqual([]);
    expect(lacks('services/auth/src/app.ts', /export const createNothing\b/)).toHaveLength(1);
  });
});

const isTypeScript = ({ path }: { readonly path: string }): boolean => /\.tsx?$/.test(path);

describe('a planted import is refused with file, line, import and rule:', () => {
  const core = 'Core is the rules alone: state what it needs as an interface or a parameter, and let wire hand it in.';
  const coreMay = (target: string): string => `core may not import ${target}. ${core}`;
  const routes = 'Routes turn HTTP into calls of core and back: stores, clients and jobs are handed in by wire.';
  const store = 'A store turns core into SQL and back, on the connection it is given.';
  const client = 'A client reaches something outside behind an interface of core; routes, jobs and stores are not its business.';
  const job = 'A job runs core without a request: stores and clients are handed in by wire.';
  const stream = 'A stream runs for one request and outlives its handler: what it reads from is handed in by wire.';
  const program = 'A program runs where the repository is not: a copy of its folder and Node are enough.';
  const app = 'The app is the HTTP surface given its parts: what has I/O is built in wire and handed in.';
  const main = 'main and each command is a process: environment, signals, exit code. Everything else is in wire.';
  const wire = 'wire builds the whole object graph of its own service, without tests.';
  const lib = 'A lib is as small as its use: what it needs from another lib is said here, so that no circle grows.';
  const auth = 'services/auth/src';

  it.each<[string, string, string]>([
    [`${auth}/core/a.ts`, 'fastify', coreMay('package:fastify')],
    [`${auth}/core/a.ts`, '@fastify/cors', coreMay('package:@fastify/cors')],
    [`${auth}/core/a.ts`, 'slonik', coreMay('package:slonik')],
    [`${auth}/core/a.ts`, 'better-sqlite3', coreMay('package:better-sqlite3')],
    [`${auth}/core/a.ts`, 'bullmq', coreMay('package:bullmq')],
    [`${auth}/core/a.ts`, 'ioredis', coreMay('package:ioredis')],
    [`${auth}/core/a.ts`, 'node:fs', coreMay('node:fs')],
    [`${auth}/core/a.ts`, 'node:crypto', coreMay('node:crypto')],
    [`${auth}/core/a.ts`, '@guildhall/db', coreMay('lib:db')],
    [`${auth}/core/a.ts`, '@guildhall/http', coreMay('lib:http')],
    [`${auth}/core/a.ts`, '../store/users.ts', coreMay('own:store')],
    [`${auth}/core/a.ts`, '../../test/fakes.ts', coreMay('own:test')],
    [`${auth}/routes/a.ts`, '../store/users.ts', `routes may not import own:store. ${routes}`],
    [`${auth}/routes/a.ts`, '../clients/mail.ts', `routes may not import own:clients. ${routes}`],
    [`${auth}/routes/a.ts`, '../jobs/relay.ts', `routes may not import own:jobs. ${routes}`],
    [`${auth}/routes/a.ts`, '@guildhall/db', `routes may not import lib:db. ${routes}`],
    [`${auth}/store/a.ts`, 'fastify', `store may not import package:fastify. ${store}`],
    [`${auth}/store/a.ts`, '../routes/users.ts', `store may not import own:routes. ${store}`],
    [`${auth}/clients/a.ts`, '../jobs/relay.ts', `clients may not import own:jobs. ${client}`],
    [`${auth}/clients/a.ts`, '../store/users.ts', `clients may not import own:store. ${client}`],
    [`${auth}/clients/a.ts`, 'slonik', `clients may not import package:slonik. ${client}`],
    [`${auth}/jobs/a.ts`, '../clients/mail.ts', `jobs may not import own:clients. ${job}`],
    [`${auth}/jobs/a.ts`, '../routes/users.ts', `jobs may not import own:routes. ${job}`],
    [`${auth}/jobs/a.ts`, 'fastify', `jobs may not import package:fastify. ${job}`],
    [`${auth}/streams/a.ts`, '../store/users.ts', `streams may not import own:store. ${stream}`],
    [`${auth}/streams/a.ts`, '../jobs/relay.ts', `streams may not import own:jobs. ${stream}`],
    [`${auth}/streams/a.ts`, 'fastify', `streams may not import package:fastify. ${stream}`],
    ['programs/check/src/a.ts', '@guildhall/http', `programs may not import lib:http. ${program}`],
    ['programs/check/src/a.ts', '../../../services/audit/src/a.ts', `programs may not import service:audit. ${program}`],
    ['programs/check/src/a.ts', '../../../tools/source/a.ts', `programs may not import root:tools. ${program}`],
    ['programs/check/src/a.ts', 'typebox', `programs may not import package:typebox. ${program}`],
    ['programs/check/src/a.ts', '../test/a.ts', `programs may not import own:test. ${program}`],
    [`${auth}/app.ts`, './store/users.ts', `app may not import own:store. ${app}`],
    [`${auth}/main.ts`, './app.ts', `main may not import own:app. ${main}`],
    [`${auth}/wire.ts`, '@guildhall/testkit', `wire may not import lib:testkit. ${wire}`],
    [`${auth}/wire.ts`, '../test/fakes.ts', `wire may not import own:test. ${wire}`],
    [`${auth}/wire.ts`, '../../audit/src/wire.ts', `wire may not import service:audit. ${wire}`],
    [
      'libs/errors/src/a.ts',
      '@guildhall/contracts',
      'libs/errors may not import lib:contracts. Everything imports errors, so errors imports nothing.',
    ],
    ['libs/db/src/a.ts', '@guildhall/http', `libs/db may not import lib:http. ${lib}`],
    ['libs/http/src/a.ts', '@guildhall/testkit', `libs/http may not import lib:testkit. ${lib}`],
    [`${auth}/wire.ts`, '@guildhall/team-resources', 'there is no lib team-resources; services have no exports.'],
    [`${auth}/wire.ts`, '@guildhall/errors/src/app-error.ts', '@guildhall/errors does not export "./src/app-error.ts".'],
    [`${auth}/wire.ts`, '../../../libs/errors/src/index.ts', 'import a lib by its name, @guildhall/errors.'],
    [`${auth}/wire.ts`, '../../../../elsewhere/a.ts', 'it leads out of the repository.'],
    [`${auth}/wire.ts`, 'fs', 'write node:fs.'],
    [`${auth}/wire.ts`, '/etc/module.ts', 'only relative paths and package names are imported.'],
    [
      `services/auth/test/a.test.ts`,
      '../../audit/src/app.ts',
      'tests of a package may not import service:audit. A package is tested alone: another service is stood in for by its contract, never imported.',
    ],
  ])('%s imports %s', (path, specifier, rule) => {
    expect(check(path, `const one = 1;\nimport '${specifier}';`)).toEqual([`${path}:2 imports '${specifier}': ${rule}`]);
  });

  it.each([
    ['import type', "import type { Pool } from 'slonik';", "'slonik'"],
    ['export from', "export * from 'slonik';", "'slonik'"],
    ['a named export from', "export { sql } from 'slonik';", "'slonik'"],
    ['import()', "const late = await import('slonik');", "'slonik'"],
    ['import() in backticks', 'const late = await import(`slonik`);', "'slonik'"],
    ['the type import()', "type Pool = import('slonik').Pool;", "'slonik'"],
    ['require', "const slonik = require('slonik');", "'slonik'"],
    ['import = require', "import slonik = require('slonik');", "'slonik'"],
    ['import.meta.resolve', "const where = import.meta.resolve('slonik');", "'slonik'"],
  ])('%s is an import as well', (_name, text, named) => {
    expect(check(`${auth}/core/a.ts`, text)).toEqual([`${auth}/core/a.ts:1 imports ${named}: ${coreMay('package:slonik')}`]);
  });

  it('a worker named by new URL(…, import.meta.url) is an import as well', () => {
    expect(check(`${auth}/core/a.ts`, "new URL('../jobs/hash.ts', import.meta.url);")).toEqual([
      `${auth}/core/a.ts:1 imports '../jobs/hash.ts': ${coreMay('own:jobs')}`,
    ]);
  });

  it('a computed import, of which nobody can say where it leads', () => {
    expect(check(`${auth}/wire.ts`, 'await import(name);')).toEqual([
      `${auth}/wire.ts:1 imports a computed name: wire may not import computed. ${wire}`,
    ]);
    expect(check('tools/generate/all.ts', 'await import(name);')).toEqual([]);
  });

  it('a file in no room is refused', () => {
    expect(check(`${auth}/helpers/a.ts`, '')).toEqual([
      `${auth}/helpers/a.ts belongs to no room: put it in one, or name a new one in tools/rooms.ts.`,
    ]);
  });

  it('a file that does not parse is a failure, not a file without imports', () => {
    expect(() => check(`${auth}/core/a.ts`, 'import {')).toThrow(`${auth}/core/a.ts:1 does not parse`);
  });

  it.each([
    ['process.env', 'const url = process.env.URL;', 'process.env'],
    ['process.env in brackets', "const url = process['env'];", 'process.…'],
    ['a renamed process', 'const host = process;', 'process'],
    ['Date.now', 'const at = Date.now();', 'Date.now'],
    ['new Date()', 'const at = new Date();', 'new Date()'],
    ['Date()', 'const at = Date();', 'Date()'],
    ['Math.random', 'const chance = Math.random();', 'Math.random'],
    ['crypto', 'const id = crypto.randomUUID();', 'crypto.randomUUID'],
    ['performance', 'const at = performance.now();', 'performance.now'],
    ['fetch', "void fetch('http://example.org');", 'fetch()'],
    ['a timer', 'setTimeout(run, 10);', 'setTimeout()'],
    ['globalThis', 'const date = globalThis.Date;', 'globalThis.Date'],
  ])('core uses %s', (_name, text, what) => {
    expect(check(`${auth}/core/a.ts`, text)).toEqual([`${auth}/core/a.ts:1 uses ${what}: core is pure. ${core}`]);
  });
});

describe('what the table allows passes:', () => {
  it.each([
    [
      'services/auth/src/core/a.ts',
      "import { AppError } from '@guildhall/errors'; import './b.ts'; const at = new Date(0); parts.process.run();",
    ],
    [
      'services/auth/src/routes/a.ts',
      "import Fastify from 'fastify'; import { serve } from '@guildhall/http'; import '../core/b.ts';",
    ],
    ['services/auth/src/store/a.ts', "import { sql } from 'slonik'; import '@guildhall/db'; import '../core/b.ts';"],
    [
      'services/auth/src/wire.ts',
      "import './app.ts'; import './store/a.ts'; import './jobs/a.ts'; import 'node:fs'; const at = Date.now();",
    ],
    ['services/auth/src/main.ts', "import { runProcess } from '@guildhall/http'; import './wire.ts'; import './config.ts';"],
    ['services/auth/test/a.test.ts', "import '@guildhall/testkit'; import '../src/wire.ts'; import { it } from 'vitest';"],
    ['services/auth/src/streams/a.ts', "import '../core/b.ts'; import '@guildhall/http';"],
    ['programs/check/src/a.ts', "import 'node:fs'; import './b.ts';"],
    ['tools/dev/a.ts', "import '../../programs/check/src/a.ts';"],
    ['tools/generate/a.ts', "import '../../services/gateway/src/app.ts'; import '@guildhall/contracts/routes';"],
  ])('%s', (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
