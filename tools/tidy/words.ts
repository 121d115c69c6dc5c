import { lineAt } from '../source/syntax.ts';
import { eachFile, noLineWith, type TidyRule } from './rule.ts';

const code = ['{libs,services,programs}/*/{src,test}/**/*.ts', 'web/**/*.{ts,tsx}', '{tests,tools}/**/*.ts', '*.ts'];
const everything = [
  '**/*.{ts,md,json,yaml,yml,sh,sql,Dockerfile,example}',
  'Makefile',
  '.ci/*',
  '.npmrc',
  'infra/**/*.{ts,md,json,yaml,yml,sh,sql,conf}',
];

/** The imports of values, at the top of a module, of packages that are large and seldom needed. As an ES module `node:http` loads fetch, too. */
const lateImports = (text: string): readonly (readonly [index: number, name: string])[] =>
  [
    ...text.matchAll(/^import (?!type\b)[^;]*?from '(node:https?|undici|node-pg-migrate|nodemailer|@simplewebauthn\/server)';/gm),
  ].map(({ 1: name = '', index }) => [index, name]);

/** Words that oxlint has no rule for. The patterns are written so that they do not find themselves. */
export const wordRules: readonly TidyRule[] = [
  {
    name: 'the console takes only types of the workspace',
    reason: 'What runs on the server does not run in a browser: import type.',
    files: ['web/src/**/*.{ts,tsx}'],
    find: eachFile(({ path, text }) =>
      [...text.matchAll(/^import (?!type\b)[^;]*?from '(@guildhall\/[^']+)'/gm)].map(
        ({ 1: name, index }) => `${path}:${lineAt(text, index)}: ${name}`,
      ),
    ),
  },
  {
    name: 'what few processes need is loaded late',
    reason:
      'As an import at the top it is memory of every process: 14–28 MB each. Import its types, and the rest where it is used (docs/decisions/0078-what-a-process-loads.md).',
    files: ['{libs,services}/*/src/**/*.ts'],
    find: eachFile(({ path, text }) =>
      path.startsWith('libs/testkit/') ? [] : lateImports(text).map(([index, name]) => `${path}:${lineAt(text, index)}: ${name}`),
    ),
  },
  {
    name: 'durations by a monotonic clock',
    reason:
      'A clock that is set makes the wait endless or none. Use performance.now() or steadyMs of @guildhall/repeat; the now of the database where processes must agree.',
    files: ['{libs,services}/*/src/**/!(consumer|publisher|shared-database|token-verifier|verified-tokens|caller-signer).ts'],
    find: noLineWith(/\bDate[.]now\b/),
  },
  {
    name: 'one address of a client',
    reason: 'Behind a proxy the peer is the proxy. Read clientAddress, which TRUSTED_PROXIES decides.',
    files: ['services/*/src/**/!(client-address|local).ts'],
    find: noLineWith(/\b(request|req)[.]ip\b|[.]remoteAddress\b/),
  },
  {
    name: 'undefined properties are left out in one way',
    reason: 'Use omitUndefined of @guildhall/resources: `...omitUndefined({ name, role })`.',
    files: ['services/*/src/**/*.ts', 'libs/{http,resources,workspaces}/src/**/*.ts'],
    find: noLineWith(/\b([\w.]+) === undefined \? \{\} : \{ (?:['\w-]+: )?\1 \}/),
  },
  {
    name: 'nothing left for later',
    reason: 'What is not done is not in the code. Do it, or leave it out and say so in the decision record.',
    files: code,
    find: noLineWith(/\bnot[ ]implemented\b/),
  },
  {
    name: 'no tests that are expected to fail',
    reason: 'A test that does not run proves nothing. Repair or remove it; one that needs a certain machine says so with runIf.',
    files: code,
    find: noLineWith(/\b(it|test|describe)[.](fails|skipIf)\b/),
  },
  {
    name: 'no registry hosts',
    reason: 'Which registry serves a machine is that machine’s configuration, not the repository’s.',
    files: everything,
    find: noLineWith(/\b(registry[.](npmjs|yarnpkg|npmmirror)|npm[.]pkg[.]github)\b/),
  },
];
