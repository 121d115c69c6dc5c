import { describe, expect, it } from 'vitest';
import { filesOf } from './tidy/packages.ts';
import { findPlanted as find, rules } from './tidy/rules.ts';

describe('the repository is tidy:', () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_name, rule) => {
    const files = filesOf(rule);
    expect(files.length).toBeGreaterThan(0);
    expect(rule.find(files).map((found) => `${found}. ${rule.reason}`)).toEqual([]);
  });
});

const src = 'services/auth/src/core/planted.ts';
/** Words that this file must not contain itself. */
const joined = (...parts: readonly string[]): string => parts.join('');

describe('a planted violation is found:', () => {
  it.each<[string, string, string]>([
    ['nothing left for later', joined("throw new Error('not ", "implemented');"), joined('not ', 'implemented')],
    ['no tests that are expected to fail', joined('it', ".fails('a', run)"), joined('it', '.fails')],
    ['no tests that are expected to fail', joined('describe', ".skipIf(x)('a', run)"), joined('describe', '.skipIf')],
    ['durations by a monotonic clock', joined('if (Date', '.now() > until) return;'), joined('Date', '.now')],
    ['one address of a client', joined('spend(request', '.ip)'), joined('request', '.ip')],
    ['one address of a client', joined('request.socket', '.remoteAddress'), joined('.remote', 'Address')],
    ['undefined properties are left out in one way', '...(a === undefined ? {} : { a }),', 'a === undefined ? {} : { a }'],
    [
      'undefined properties are left out in one way',
      'x = a.b === undefined ? {} : { c: a.b }',
      'a.b === undefined ? {} : { c: a.b }',
    ],
    ['no registry hosts', joined('https://registry', '.npmjs.org/a'), joined('registry', '.npmjs')],
  ])('%s: %s', (rule, text, found) => {
    expect(find(rule, [src, `const one = 1;\n${text}\n`])).toEqual([`${src}:2: ${found}`]);
  });

  it.each<[string, string | null]>([
    ["import { writeFileSync } from 'node:fs';", 'writeFileSync of node:fs'],
    ["import { readFile, writeFile as save } from 'node:fs/promises';", 'writeFile of node:fs/promises'],
    ["import { createWriteStream } from 'node:fs';", 'createWriteStream of node:fs'],
    ["import { openSync } from 'node:fs'; openSync('a', 'wx', 0o600);", 'openSync of node:fs'],
    ["import { openSync } from 'node:fs'; openSync('a', flags);", 'openSync of node:fs'],
    ["import * as fs from 'node:fs'; fs.writeFileSync('a', 'b');", '* of node:fs'],
    ["import fs from 'node:fs/promises'; fs.open('a', 'w');", '* of node:fs/promises'],
    ["import { openSync, readFileSync, type Stats } from 'node:fs'; openSync('a', 'r');", null],
    ["import { writeFileAtomically } from '@guildhall/files'; import type * as fs from 'node:fs';", null],
  ])('a file that is written in place: %s', (text, found) => {
    const rule = 'files appear whole';
    expect(find(rule, [src, text])).toEqual(found === null ? [] : [`${src}:1: ${found}`]);
    expect(find(rule, ['libs/files/src/atomic-write.ts', text])).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ["import { request } from 'node:http';", [`${src}:1: node:http`]],
    ["import one from 'one';\nimport { Pool,\n  type Dispatcher } from 'undici';", [`${src}:2: undici`]],
    ["import type { Server } from 'node:http';\nconst { Pool } = await import('undici');", []],
  ])('a large package that is loaded at the start: %s', (text, found) => {
    const rule = 'what few processes need is loaded late';
    expect(find(rule, [src, text])).toEqual(found);
    expect(find(rule, ['libs/testkit/src/planted.ts', text])).toEqual([]);
  });

  it.each([
    ['a bare int', 'SELECT count(id)::int AS n', '::int'],
    ['a function of PostgreSQL', `SELECT ${joined('pg_terminate', '_backend')}(1)`, joined('pg_terminate', '_backend')],
    ['a row as text', 'SELECT i::text FROM team.invites i WHERE true', 'i::text FROM team.invites i'],
  ])('%s in a test that runs on both engines', (_what, sqlText, found) => {
    const path = 'services/auth/test/contract/planted.test.ts';
    expect(find('tests of both engines', [path, `run('${sqlText}');`])).toEqual([`${path}:1: ${found}`]);
    expect(find('tests of both engines', [path, `await serverEngine();\nrun('SELECT pg_backend_pid()');`])).toEqual([]);
  });

  it('a value of the workspace in the console', () => {
    const rule = 'the console takes only types of the workspace';
    const text = "import type { Me } from '@guildhall/contracts';\nimport {\n  release,\n} from '@guildhall/contracts';";
    expect(find(rule, ['web/src/main.tsx', text])).toEqual(['web/src/main.tsx:2: @guildhall/contracts']);
  });

  it.each([
    ["defineTexts({ a: 'One', b: 'Two' }, { a: '一' })", 'b is in one language alone'],
    ["defineTexts({ a: { b: 'One' } }, { a: { b: 'One' } })", 'a.b is not translated'],
    ['defineTexts({ a: (n: string) => `${n} left` }, { a: (left) => `${left} left` })', 'a is not translated'],
    ["defineTexts({ a: 'Control-M', b: (n) => `${n} –` }, { a: 'Control-M', b: (name) => `${name} –` })", null],
  ])('a text of the console that is in one language: %s', (text, found) => {
    const rule = 'texts of the console are in both languages';
    expect(find(rule, ['web/src/planted.ts', text]).join()).toContain(found ?? '');
    expect(find(rule, ['web/src/planted.ts', text]).length).toBe(found === null ? 0 : 1);
  });

  it.each([
    ['const A = () => <p>Nothing here</p>;', 'Nothing here'],
    ["const A = () => <p>{'Nothing here'}</p>;", 'Nothing here'],
    ['const A = () => <Page title="Nothing here" />;', 'Nothing here'],
    ['const A = () => <a href="/app" className="mark">Guildhall · {name}</a>;', null],
  ])('a text of the console that is in no dictionary: %s', (text, found) => {
    const path = 'web/src/planted.tsx';
    expect(find('texts of the console are in dictionaries', [path, text])).toEqual(found === null ? [] : [`${path}:1: ${found}`]);
  });

  it('an audit event that is assembled by hand', () => {
    const rule = 'audit events are assembled in one place';
    const text = "const a = { kind: 'audit', ids };\nsend({ id, kind: 'audit', occurredAt, payload });";
    expect(find(rule, [src, text])).toEqual([`${src}:2: an audit event`]);
    expect(find(rule, ['libs/resources/src/planted.ts', text])).toEqual([]);
  });

  it('a row of the solo file with a type by hand', () => {
    const rule = 'rows of the solo file have generated types';
    const path = 'services/gateway/src/store/planted.ts';
    const text =
      "db.prepare<[string], { id: string }>('SELECT');\ninterface FoundRow {}\ndb.prepare<[string], Pick<ScriptsRow, 'id'>>('SELECT');";
    expect(find(rule, [path, text])).toEqual([
      `${path}:1: .prepare<[string], { id: string }>('SELECT');`,
      `${path}:2: interface FoundRow {}`,
    ]);
  });

  it.each([
    ['What a reader sees.', 'export const one = 1;', 'What'],
    ['\n * Whoever reads this.\n', 'export interface One {}', 'Whoever'],
    ['Whether it works.', 'export const isOne = true;', 'Whether'],
    ['Those of the key.', 'readonly two: string;', 'Those'],
  ])('a docstring without a subject: %s %s', (sentence, code, found) => {
    expect(find('docstrings begin with their subject', [src, `call();\n/** ${sentence} */\n${code}\n`])).toEqual([
      `${src}:2: ${found}`,
    ]);
  });

  it.each([
    '/** Reads one. */\nexport const one = 1;',
    '/** A circuit breaker. */\nexport const one = 1;',
    '/** Italic text. */\nexport const one = 1;',
    'interface One {\n  /** Whether it works. Null: unknown. */\n  readonly two: string;\n}',
  ])('but this one has a subject: %s', (text) => {
    expect(find('docstrings begin with their subject', [src, text])).toEqual([]);
  });

  it.each([
    ['const isReady = (): void => wake();', 'isReady'],
    ['async function hasEnded(): Promise<void> {}', 'hasEnded'],
    ['const parts = { mailsAreWaiting: 1, canStop: async (): Promise<void> => {} };', 'canStop'],
    ['interface One { mayStop(): void }', 'mayStop'],
    ['interface One { readonly wasRead: () => Promise<void> }', 'wasRead'],
    ['const mustBeOwn = (id: string): string => id;', 'mustBeOwn'],
    ['isReady();', 'isReady'],
    ['await store.isFree();', 'isFree'],
    ['void queue.isEmpty();', 'isEmpty'],
  ])('a predicate name on an effect: %s', (text, found) => {
    expect(find('no predicate name on an effect', [src, `call();\n${text}\n`])).toEqual([`${src}:2: ${found}`]);
  });

  it.each([
    'const isReady = (): boolean => true;',
    'interface One { isReady(): Promise<boolean>; readonly onReady: () => void }',
    'expect.hasAssertions();',
    'set.has(1); issue(); cancel();',
  ])('but this is none: %s', (text) => {
    expect(find('no predicate name on an effect', [src, text])).toEqual([]);
  });

  it('an export that nobody imports', () => {
    const lib = 'libs/repeat/src';
    const files = [
      [`${lib}/index.ts`, "export { one, type One, two } from './parts.ts';"],
      [
        `${lib}/parts.ts`,
        'export interface One {}\nexport const one = 1, two = 2;\nexport const three = 3;\nexport class Four {}',
      ],
      [
        'services/auth/src/core/user.ts',
        "import { one } from '@guildhall/repeat';\nconst pool = new URL('worker.ts', import.meta.url);",
      ],
      ['services/auth/src/core/worker.ts', 'export const hash = 1;'],
      ['services/auth/test/dynamic.test.ts', "const { late } = await import('./late.ts');"],
      ['services/auth/test/late.ts', 'export const late = 1;'],
    ] as const;
    expect(find('no unused exports', ...files)).toEqual([
      `${lib}/index.ts:1: two`,
      `${lib}/parts.ts:3: three`,
      `${lib}/parts.ts:4: Four`,
    ]);
  });

  it('a secret that a service would accept, of every kind and in every form', () => {
    const rule = 'no secret that a service would accept';
    const key = Buffer.from(Array.from({ length: 32 }, (_byte, index) => 5 * index)).toString('base64');
    const plants = [
      `ENCRYPTION_KEY=${key}`,
      `  INTERNAL_KEY: "${key}"`,
      `{"FORWARD_SECRET": "${key}"}`,
      'POSTGRES_PASSWORD=guildhall',
      'METRICS_TOKEN: scraper',
      'SMTP_URL=smtp://user:password@mail.example.test:587',
      'QUEUE_URL=redis://:letmein@valkey:6379',
    ];
    expect(plants.filter((plant) => find(rule, ['infra/example.env', `A=1\n${plant}\n`]).length !== 1)).toEqual([]);
    const refused = [
      `ENCRYPTION_KEY=${Buffer.alloc(32, 'replace me ').toString('base64')}`,
      'POSTGRES_PASSWORD="replace: openssl rand -hex 24"',
      'SMTP_URL=smtp://replace-me:replace-me@mail.example.test:587',
      'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?a password for the database}',
      'DATABASE_URL: postgres://guildhall:${POSTGRES_PASSWORD:?a password}@postgres:5432/guildhall',
      'Give an address of the form postgres://user:password@host:port/database',
      `SERVICE_PUBLIC_KEYS=auth=${key}`,
    ];
    expect(refused.flatMap((text) => find(rule, ['infra/example.env', text]))).toEqual([]);
  });
});
