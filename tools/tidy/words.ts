import { noLineWith, type TidyRule } from './rule.ts';

const sources = ['{libs,services,programs}/*/src/**/*.ts'];
const code = ['{libs,services,programs}/*/{src,test}/**/*.ts', '{tests,tools}/**/*.ts', '*.ts'];
const everything = [
  '**/*.{ts,md,json,yaml,yml,sh,sql,Dockerfile,example}',
  'Makefile',
  '.ci/*',
  '.npmrc',
  'infra/**/*.{ts,md,json,yaml,yml,sh,sql,conf}',
];

/** The patterns are written so that they do not find themselves. */
export const wordRules: readonly TidyRule[] = [
  {
    name: 'no NODE_ENV in src',
    reason: 'What runs in production is what was tested. Make it a setting of its own.',
    files: sources,
    find: noLineWith(/\bNODE[_]ENV\b/),
  },
  {
    name: 'no console in src',
    reason: 'Lines without level, time and request id cannot be found again. Use the log.',
    files: sources,
    find: noLineWith(/\bconsole[.]\w+/),
  },
  {
    name: 'time limits that a busy process keeps',
    reason: 'It also ends what was answered while this process was busy. Use withTimeLimit of @guildhall/repeat.',
    files: sources,
    find: noLineWith(/\bAbortSignal[.]timeout\(/),
  },
  {
    name: 'one address of a client',
    reason: 'Behind a proxy the peer is the proxy. Read clientAddress, which TRUSTED_PROXIES decides.',
    files: ['services/*/src/**/!(client-address|local).ts'],
    find: noLineWith(/\b(request|req)[.]ip\b|[.]remoteAddress\b/),
  },
  {
    name: 'nothing left for later',
    reason: 'What is not done is not in the code. Do it, or leave it out and say so in the decision record.',
    files: code,
    find: noLineWith(/\b(TO[D]O|FIX[M]E|HA[C]K|not[ ]implemented)\b/),
  },
  {
    name: 'no skipped or singled-out tests',
    reason: 'A test that does not run proves nothing. Repair or remove it; one that needs a certain machine says so with runIf.',
    files: code,
    find: noLineWith(/\b(it|test|describe)[.](skip|only|todo|fails|skipIf)\b/),
  },
  {
    name: 'no silenced type checks',
    reason: 'The compiler is right or the types are wrong. Repair the one that is.',
    files: code,
    find: noLineWith(/@ts[-](ignore|nocheck|expect-error)/),
  },
  {
    name: 'no registry hosts',
    reason: 'Which registry serves a machine is that machine’s configuration, not the repository’s.',
    files: everything,
    find: noLineWith(/\b(registry[.](npmjs|yarnpkg|npmmirror)|npm[.]pkg[.]github)\b/),
  },
];
