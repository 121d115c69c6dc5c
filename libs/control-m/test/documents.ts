import * as fc from 'fast-check';
import { checkJobs, locate, readDocument, type Finding, type ReadDocument } from '../src/index.ts';

export const bounds = { charactersMax: 4_000_000, nestingMax: 42 };

export const read = (source: string): ReadDocument => readDocument(source, bounds);

/** A document that must be one. */
export const documentOf = (source: object | string) => {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const { document, findings } = read(text);
  if (document === undefined) throw new Error(`no document: ${JSON.stringify(findings)}`);
  return document;
};

/** The findings of reading and of all checks. */
export const findingsOf = (source: object | string, context: Parameters<typeof checkJobs>[1] = {}): readonly Finding[] => {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const { document, findings } = read(text);
  const checked = document === undefined ? [] : checkJobs(document, { defaults: document.defaults, ...context });
  return locate(text, [...findings, ...checked]);
};

export const codesOf = (source: object | string, context: Parameters<typeof checkJobs>[1] = {}): readonly string[] =>
  findingsOf(source, context).map(({ code }) => code);

export const command = (more: object = {}): object => ({ Type: 'Job:Command', Command: 'true', ...more });

/** Names that readers of JSON have got wrong: with backslashes and quotes at their ends. */
export const awkwardName = fc.oneof(fc.string(), fc.constantFrom('a\\', '\\', '"', 'a\\"', 'a/b', '~', '//', '/*'));
