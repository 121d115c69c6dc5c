import { eachFile, noLineWith, type TidyRule } from './rule.ts';

/** The suites that `make test-cockroach` runs. */
const suites = [
  'services/{auth,audit,team-resources}/test/contract/**/*.ts',
  'tests/contract/**/*.ts',
  'libs/{db,database-link}/test/**/*.ts',
  'libs/migrate/test/catalog.test.ts',
];

/** SQL in tests that PostgreSQL takes and CockroachDB does not. */
const postgresOnly = noLineWith(
  /\bpg_(terminate_backend|cancel_backend|backend_pid|stat_activity|locks)\b|\bALTER SYSTEM\b|\bLANGUAGE plpgsql\b|\b[a-z_]+::text FROM \w+\.\w+ \w+ /,
);

/** A file says that a test needs PostgreSQL by asking which engine the server is, or by starting a PostgreSQL of its own. */
const choosesEngine = /\b(serverEngine|startEmbeddedPostgres)\b/;

export const engineRules: readonly TidyRule[] = [
  {
    name: 'tests of both engines',
    reason:
      'The suite runs on CockroachDB too. Say the size of an integer (int4, int8); run what needs PostgreSQL with test.runIf and serverEngine().',
    files: suites,
    find: (files) => [
      ...noLineWith(/::int\b/)(files),
      ...eachFile((file) => (choosesEngine.test(file.text) ? [] : postgresOnly([file])))(
        files.filter(({ path }) => path.endsWith('.test.ts')),
      ),
    ],
  },
];
