import { posix } from 'node:path';

/** The declared exports of every lib, by its short name: `{ errors: ['.'] }`. */
export type LibExports = Readonly<Record<string, readonly string[]>>;

/** The target of an import, in the notation of the table of rooms, or the reason why it is refused. */
export type Lead = { readonly target: string } | { readonly fault: string };

const scope = '@guildhall/';

/** Follows one import of the file at `path`. */
export const followImport = (path: string, specifier: string | null, libs: LibExports): Lead => {
  if (specifier === null) return { target: 'computed' };
  if (specifier.startsWith('.')) return followRelative(path, posix.join(posix.dirname(path), specifier));
  if (specifier.startsWith('node:')) return { target: specifier };
  if (specifier.startsWith(scope)) return followLib(specifier.slice(scope.length), libs);
  if (isBareNodeModule(specifier)) return { fault: `write node:${specifier}` };
  if (/^(\/|[a-z]+:|#)/.test(specifier)) return { fault: 'only relative paths and package names are imported' };
  return { target: `package:${specifier}` };
};

const isBareNodeModule = (name: string): boolean => process.getBuiltinModule(`node:${name}`) !== undefined;

const followRelative = (from: string, to: string): Lead => {
  const home = packageOf(from);
  const destination = packageOf(to);
  if (home === destination) return { target: `own:${placeIn(destination, to)}` };
  if (to.startsWith('..')) return { fault: 'it leads out of the repository' };
  if (destination.startsWith('libs/')) return { fault: `import a lib by its name, ${scope}${destination.slice('libs/'.length)}` };
  if (destination.startsWith('services/')) return { target: `service:${destination.slice('services/'.length)}` };
  if (destination === 'web') return { target: 'web' };
  if (destination.startsWith('programs/')) return { target: `program:${destination.slice('programs/'.length)}` };
  return { target: `root:${placeIn('', to)}` };
};

const followLib = (rest: string, libs: LibExports): Lead => {
  const [name = '', ...inside] = rest.split('/');
  const entry = inside.length === 0 ? '.' : `./${inside.join('/')}`;
  const exported = libs[name];
  if (exported === undefined) return { fault: `there is no lib ${name}; services have no exports` };
  if (!exported.includes(entry)) return { fault: `${scope}${name} does not export "${entry}"` };
  return { target: `lib:${name}` };
};

/** `libs/http`, `services/auth`, `programs/audit-verify`, `web`, or '' for what belongs to no package. */
const packageOf = (path: string): string => /^(?:(?:libs|services|programs)\/[^/]+|web(?=\/))/.exec(path)?.[0] ?? '';

/** `core` for services/auth/src/core/user.ts, `app` for services/auth/src/app.ts, `test` for its tests. */
const placeIn = (home: string, path: string): string => {
  const [folder = '', inside = ''] = path.slice(home.length).replace(/^\//, '').split('/');
  return (folder === 'src' ? inside : folder).replace(/\.tsx?$/, '');
};
