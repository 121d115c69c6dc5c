/**
 * The architecture rules: which folder may import which. `rooms.test.ts` checks every file against this table.
 *
 * A room names the files it holds and the targets they may import. A target is one of
 * - `own:<room>`: a file of the same package, by its first folder (or file) under `src/`; `own:test` for its tests
 * - `lib:<name>`: the package `@guildhall/<name>`, by one of its declared exports
 * - `package:<name>`: a package from outside, `package:fastify` · `node:<module>`: a part of Node
 * - `service:<name>`, `program:<name>`, `web`: a file of a service or a program, from outside of it
 * - `root:<folder>`: a file that belongs to no package, `root:tools` · `computed`: an `import()` whose name is computed
 * and `*` at the end stands for any. `never` is stronger than `mayImport`.
 */
export interface Room {
  readonly name: string;
  /** Patterns of paths from the repository's root. The first room that matches holds the file. */
  readonly files: readonly string[];
  readonly mayImport: readonly string[];
  readonly never?: readonly string[];
  /** Pure: no clock, no random numbers, no environment, no network. These are passed in as parameters. */
  readonly isPure?: true;
  /** Shown with a violation: the reason for the rule, and what to do instead. */
  readonly why: string;
}

const fastify = ['package:fastify', 'package:@fastify/*'];
const databases = ['package:slonik', 'package:pg', 'package:better-sqlite3', 'lib:db'];
const queues = ['package:bullmq', 'package:ioredis'];
const shapes = ['lib:errors', 'lib:contracts', 'lib:resources', 'lib:tlog', 'package:typebox', 'package:typebox/*'];
const anyLib = ['own:*', 'lib:*', 'package:*', 'node:*'];
/** Production code imports nothing of tests. */
const testOnly = ['own:test', 'lib:testkit', 'package:vitest', 'package:vitest/*', 'package:fast-check'];

const lib = (name: string, libs: readonly string[], extra: Partial<Room> = {}): Room => ({
  name: `libs/${name}`,
  files: [`libs/${name}/src/**`],
  mayImport: ['own:*', 'package:*', 'node:*', ...libs.map((other) => `lib:${other}`)],
  never: testOnly,
  why: 'A lib is as small as its use: what it needs from another lib is said here, so that no circle grows.',
  ...extra,
});

const libraries: readonly Room[] = [
  lib('errors', [], { mayImport: ['own:*'], isPure: true, why: 'Everything imports errors, so errors imports nothing.' }),
  lib('contracts', [], {
    mayImport: ['own:*', 'lib:errors', 'package:typebox', 'package:typebox/*'],
    isPure: true,
    why: 'Contracts are shapes: services, gateway and clients read them, so they bring nothing else along.',
  }),
  lib('resources', ['errors', 'contracts'], {
    mayImport: ['own:*', 'lib:errors', 'lib:contracts', 'package:ipaddr.js'],
    isPure: true,
    why: 'The noun kit is imported by core: clock, ids and digests are handed in with the request context.',
  }),
  lib('control-m', [], {
    mayImport: ['own:*', 'package:jsonc-parser', 'package:re2js'],
    isPure: true,
    why: 'What Control-M documents mean is knowledge: it is given texts and answers values.',
  }),
  lib('principal', ['errors', 'contracts', 'resources']),
  lib('repeat', []),
  lib('tlog', [], {
    mayImport: ['own:*'],
    isPure: true,
    why: 'The arithmetic of logs is imported by core: SHA-256 and signatures are handed in.',
  }),
  lib('files', []),
  lib('engine', [], {
    mayImport: ['own:*'],
    isPure: true,
    why: 'What two engines differ in is knowledge: whoever asks brings the connection.',
  }),
  lib('lane', []),
  lib('tracing', []),
  lib('http', ['errors', 'contracts', 'lane', 'principal', 'repeat', 'resources', 'tracing']),
  lib('db', ['errors', 'contracts', 'engine', 'repeat', 'tracing']),
  lib('events', ['errors', 'contracts', 'principal', 'repeat', 'resources', 'tracing']),
  lib('migrate', ['errors', 'contracts', 'engine', 'files', 'resources']),
  lib('data-browser', ['errors', 'contracts', 'db', 'http', 'resources']),
  lib('database-link', ['errors', 'contracts', 'http', 'db', 'migrate']),
  lib('workspaces', ['errors', 'contracts', 'control-m', 'http', 'principal', 'repeat', 'resources']),
  {
    name: 'libs/testkit',
    files: ['libs/testkit/src/**'],
    mayImport: anyLib,
    never: ['own:test'],
    why: 'The testkit serves tests and the launcher; it uses what it likes but no test.',
  },
];

const service = (
  name: string,
  files: readonly string[],
  mayImport: readonly string[],
  more: Partial<Room> & { why: string },
): Room => ({
  name,
  files: files.map((file) => `services/*/src/${file}`),
  mayImport,
  ...more,
  never: [...testOnly, ...(more.never ?? [])],
});

/** Libs in which what several processes serve is written once. */
const written = ['lib:data-browser', 'lib:workspaces'];

const services: readonly Room[] = [
  service('core', ['core/**'], ['own:core', 'lib:errors', 'lib:contracts', 'lib:resources', 'lib:tlog'], {
    isPure: true,
    why: 'Core is the rules alone: state what it needs as an interface or a parameter, and let wire hand it in.',
  }),
  service(
    'routes',
    ['routes/**'],
    // node:crypto, because comparing a secret in constant time is part of reading a request.
    ['own:routes', 'own:core', 'own:route-table', 'lib:http', ...written, 'node:crypto', ...shapes, ...fastify],
    {
      why: 'Routes turn HTTP into calls of core and back: stores, clients and jobs are handed in by wire.',
    },
  ),
  service(
    'store',
    ['store/**'],
    [
      'own:store',
      'own:core',
      'lib:db',
      'lib:files',
      'lib:migrate',
      'lib:tracing',
      ...written,
      ...shapes,
      'package:slonik',
      'package:better-sqlite3',
      'node:*',
    ],
    { why: 'A store turns core into SQL and back, on the connection it is given.' },
  ),
  service(
    'clients',
    ['clients/**'],
    [
      'own:clients',
      'own:core',
      'lib:files',
      'lib:http',
      'lib:lane',
      'lib:principal',
      'lib:repeat',
      'lib:tracing',
      ...written,
      ...shapes,
      'package:*',
      'node:*',
    ],
    {
      never: [...fastify, ...databases, ...queues],
      why: 'A client reaches something outside behind an interface of core; routes, jobs and stores are not its business.',
    },
  ),
  service(
    'installer',
    ['installer/**'],
    ['own:installer', 'lib:contracts', 'lib:engine', 'lib:resources', 'package:pg', 'package:ioredis', 'node:*'],
    { why: 'The installer works on a database that is not connected yet, with the rights of the address it is given.' },
  ),
  service(
    'jobs',
    ['jobs/**'],
    ['own:jobs', 'own:core', 'lib:http', 'lib:events', 'lib:repeat', 'lib:tracing', ...shapes, 'package:*', 'node:*'],
    {
      never: [...fastify, ...databases],
      why: 'A job runs core without a request: stores and clients are handed in by wire.',
    },
  ),
  service('streams', ['streams/**'], ['own:streams', 'own:core', 'lib:http', 'lib:repeat', ...shapes, 'package:*', 'node:*'], {
    never: [...fastify, ...databases, ...queues],
    why: 'A stream runs for one request and outlives its handler: what it reads from is handed in by wire.',
  }),
  service('route-table', ['route-table.ts', 'route-table/**'], ['own:core', 'own:route-table', ...shapes], {
    why: 'The route table is data: contracts with their access rules.',
  }),
  service(
    'app',
    ['app.ts'],
    [
      'own:core',
      'own:routes',
      'own:route-table',
      'lib:database-link',
      'lib:http',
      'lib:principal',
      ...written,
      ...shapes,
      ...fastify,
    ],
    { why: 'The app is the HTTP surface given its parts: what has I/O is built in wire and handed in.' },
  ),
  service('config', ['config.ts'], ['own:core', 'lib:errors', 'lib:contracts', 'lib:http', 'lib:principal', 'node:*'], {
    why: 'The configuration only reads the environment; wire builds things from it.',
  }),
  service('main', ['main.ts', 'commands/**'], ['own:config', 'own:wire', 'lib:http'], {
    why: 'main and each command is a process: environment, signals, exit code. Everything else is in wire.',
  }),
  service('wire', ['wire.ts', 'wire/**'], anyLib, {
    why: 'wire builds the whole object graph of its own service, without tests.',
  }),
];

const outside: readonly Room[] = [
  {
    name: 'mail catcher',
    files: ['programs/mail-catcher/src/**'],
    mayImport: ['own:*', 'node:*', 'package:smtp-server'],
    never: testOnly,
    why: 'The mail catcher stands in for a mail server, and knows nothing of who sends.',
  },
  {
    name: 'programs',
    files: ['programs/*/src/**'],
    mayImport: ['own:*', 'node:*'],
    never: testOnly,
    why: 'A program runs where the repository is not: a copy of its folder and Node are enough.',
  },
  {
    name: 'console',
    files: ['web/src/**'],
    mayImport: ['own:*', 'lib:contracts', 'lib:errors', 'package:*'],
    never: [...testOnly, ...fastify, ...databases, ...queues],
    why: 'The console is a client of the public API: of the workspace it takes the types of contracts and errors, and runs in a browser.',
  },
  {
    name: 'build of the console',
    files: ['web/*.ts', 'web/build/**'],
    mayImport: ['own:*', 'node:*', 'package:vite'],
    why: 'The build knows files, and nothing of what they mean.',
  },
  {
    name: 'tests of a package',
    files: ['{libs,services,programs}/*/test/**', 'web/test/**'],
    mayImport: anyLib,
    why: 'A package is tested alone: another service is stood in for by its contract, never imported.',
  },
  {
    name: 'tests and tools of the whole',
    files: ['tests/**', 'tools/**', '*.ts'],
    mayImport: [...anyLib, 'service:*', 'program:*', 'computed'],
    why: 'Tools and whole-stack tests see everything, libs by their names.',
  },
];

export const rooms: readonly Room[] = [...libraries, ...services, ...outside];
