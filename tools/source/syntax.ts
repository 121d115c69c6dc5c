import { parseSync, Visitor, type Program, type VisitorObject } from 'oxc-parser';
import type { RepositoryFile } from './repository.ts';

/** The 1-based line of a character of the text. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The syntax tree of a TypeScript file. Throws an Error that names the file and line when it does not parse. */
export const parseFile = ({ path, text }: RepositoryFile): Program => {
  const { program, errors } = parseSync(path, text, { lang: path.endsWith('.d.ts') ? 'dts' : 'ts', sourceType: 'module' });
  const [first] = errors;
  if (first !== undefined)
    throw new Error(`${path}:${lineAt(text, first.labels[0]?.start ?? 0)} does not parse: ${first.message}`);
  return program;
};

/** Calls the visitor's functions for the nodes of a file. */
export const visitFile = (file: RepositoryFile, visitor: VisitorObject): void => new Visitor(visitor).visit(parseFile(file));
