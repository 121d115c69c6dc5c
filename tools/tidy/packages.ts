import { basename, dirname } from 'node:path';
import { visitFile } from '../source/syntax.ts';
import { filesMatching, type RepositoryFile } from '../source/repository.ts';
import { eachFile, type TidyRule } from './rule.ts';

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
type Manifest = Partial<Record<(typeof dependencyFields)[number], Record<string, string>>>;

const strayVersions = ({ path, text }: RepositoryFile): string[] => {
  const manifest = JSON.parse(text) as Manifest;
  return dependencyFields.flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([, version]) => version !== 'catalog:' && version !== 'workspace:*')
      .map(([name, version]) => `${path}: ${name} ${version}`),
  );
};

/** The names of settings: texts in capitals that the configuration reads. */
const settingsIn = (file: RepositoryFile): Set<string> => {
  const names = new Set<string>();
  visitFile(file, {
    Literal: ({ value }) => {
      if (typeof value === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(value)) names.add(value);
    },
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && callee.name === 'readServiceIdentity')
        for (const name of ['SERVICE_KEY', 'SERVICE_PUBLIC_KEYS']) names.add(name);
    },
    MemberExpression: ({ object, property }) => {
      const isEnv = object.type === 'Identifier' && object.name === 'env' && property.type === 'Identifier';
      if (isEnv && /^[A-Z_]+$/.test(property.name)) names.add(property.name);
    },
  });
  return names;
};

const undocumented = (files: readonly RepositoryFile[]): string[] =>
  files
    .filter(({ path }) => path.endsWith('/src/config.ts'))
    .flatMap((config) => {
      const readme = config.path.replace('src/config.ts', 'README.md');
      const text = files.find(({ path }) => path === readme)?.text ?? '';
      return [...settingsIn(config)]
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(text))
        .map((name) => `${readme}: ${name} is not described`);
    });

/** The service's migrations have both directions and count from 0001. */
const migrationFaults = (files: readonly RepositoryFile[]): string[] =>
  [...Map.groupBy(files, ({ path }) => dirname(path))].flatMap(([folder, migrations]) => {
    const names = new Set(migrations.map(({ path }) => basename(path)));
    const misnamed = [...names].filter((name) => !/^\d{4}_[a-z0-9_]+\.(up|down)\.sql$/.test(name));
    const steps = [...new Set([...names].map((name) => name.replace(/\.(up|down)\.sql$/, '')))].toSorted();
    const gaps = steps.flatMap((step, index) => {
      const expected = String(index + 1).padStart(4, '0');
      return step.startsWith(`${expected}_`) ? [] : [`${folder}: ${step} stands where ${expected} should`];
    });
    const halves = steps.flatMap((step) =>
      ['up', 'down']
        .filter((direction) => !names.has(`${step}.${direction}.sql`))
        .map((direction) => `${folder}: ${step}.${direction}.sql is missing`),
    );
    return [
      ...misnamed.map((name) => `${folder}: ${name} is not NNNN_words.up.sql or .down.sql`),
      ...halves,
      ...gaps.slice(0, 1),
    ];
  });

const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const wellKnown =
  /^(README\.md|CHANGELOG\.md|CONTRIBUTING\.md|Makefile|(service\.)?Dockerfile|\d{4}_[a-z0-9_]+\.(up|down)\.sql)$/;

export const packageRules: readonly TidyRule[] = [
  {
    name: 'one version per dependency',
    reason:
      'Two packages with two versions of a library are two programs. Put the version into the catalog of pnpm-workspace.yaml.',
    files: ['package.json', '{libs,services,programs}/*/package.json', 'web/package.json'],
    find: eachFile(strayVersions),
  },
  {
    name: 'described settings',
    reason: 'Whoever runs a service reads its README. Describe there every variable that config.ts reads.',
    files: ['services/*/src/config.ts', 'services/*/README.md'],
    find: undocumented,
  },
  {
    name: 'migrations in pairs',
    reason: 'Every step can be taken back, and their order is their number.',
    files: ['services/*/migrations/*.sql'],
    find: migrationFaults,
  },
  {
    name: 'kebab-case files',
    reason: 'One way to write a name, on every file system.',
    files: ['{libs,services,programs}/*/{src,test,migrations}/**', 'web/**', '{tools,tests,docs,infra}/**'],
    find: eachFile(({ path }) => (kebab.test(basename(path)) || wellKnown.test(basename(path)) ? [] : [path])),
  },
];

/** The files that a rule is about. */
export const filesOf = ({ files }: TidyRule): RepositoryFile[] => filesMatching(...files);
