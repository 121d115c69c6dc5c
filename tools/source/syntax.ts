import { parseSync, Visitor, type ParseResult, type Program, type VisitorObject } from 'oxc-parser';
import type { RepositoryFile } from './repository.ts';

/** The 1-based line of a character of the text. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const languageOf = (path: string): 'dts' | 'ts' | 'tsx' => {
  if (path.endsWith('.d.ts')) return 'dts';
  return path.endsWith('.tsx') ? 'tsx' : 'ts';
};

/** Parses a TypeScript file. Its tree is built only when it is read. Throws an Error that names the file and line when it does not parse. */
const parse = ({ path, text }: RepositoryFile): ParseResult => {
  const parsed = parseSync(path, text, { lang: languageOf(path), sourceType: 'module' });
  const [first] = parsed.errors;
  if (first !== undefined)
    throw new Error(`${path}:${lineAt(text, first.labels[0]?.start ?? 0)} does not parse: ${first.message}`);
  return parsed;
};

/** The syntax tree of a TypeScript file. Throws as `parse` does. */
export const parseFile = (file: RepositoryFile): Program => parse(file).program;

/** The modules that import and export declarations name, without building the tree, which costs five times as much. */
export const staticRequestsOf = (file: RepositoryFile): readonly { readonly value: string; readonly start: number }[] => {
  const { staticImports, staticExports } = parse(file).module;
  const exported = staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest));
  const byPlace = new Map(exported.filter((request) => request !== null).map((request) => [request.start, request]));
  return [...staticImports.map(({ moduleRequest }) => moduleRequest), ...byPlace.values()];
};

/** Calls the visitor's functions for the nodes of a file. */
export const visitFile = (file: RepositoryFile, visitor: VisitorObject): void => new Visitor(visitor).visit(parseFile(file));
