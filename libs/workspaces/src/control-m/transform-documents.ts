import { definitionNestingMax, descriptorCharactersMax, descriptorRulesMax } from '@guildhall/contracts';
import { locate, readDescriptor, readJson, transformDocument, type DescriptorRule, type Finding } from '@guildhall/control-m';
import { AppError } from '@guildhall/errors';
import { notFound } from '@guildhall/resources';
import { exportDocuments } from './export-documents.ts';
import type { SentDocument } from './plan-import.ts';
import { documentBounds, type WorkspaceModel } from './workspace-model.ts';

const bounds = { charactersMax: descriptorCharactersMax, nestingMax: definitionNestingMax, rulesMax: descriptorRulesMax };

/** Throws INVALID with the place of the first fault. */
const rulesOf = (text: string): { readonly rules: readonly DescriptorRule[]; readonly findings: readonly Finding[] } => {
  const { rules, findings } = readDescriptor(text, bounds);
  const located = locate(text, findings);
  const fault = located.find(({ severity }) => severity === 'error');
  if (fault === undefined) return { rules, findings: located };
  const message = `line ${fault.line}, column ${fault.column}: ${fault.message}`;
  throw new AppError('INVALID', 'This is no deploy descriptor.', { errors: [{ path: '/descriptor', message }] });
};

/** Throws NOT_FOUND for a name that no document has. */
const chosen = (documents: readonly SentDocument[], names: readonly string[] | undefined): readonly SentDocument[] => {
  if (names === undefined) return documents;
  const byName = new Map(documents.map((document) => [document.name, document]));
  return [...new Set(names)].map((name) => {
    const found = byName.get(name);
    if (found === undefined) throw notFound('document');
    return found;
  });
};

export interface TransformRequest {
  readonly descriptor: string;
  readonly names?: readonly string[];
}

/** Applies a deploy descriptor to documents of a workspace. Throws INVALID, NOT_FOUND. */
export const transformDocuments = (model: WorkspaceModel, { descriptor, names }: TransformRequest) => {
  const { rules, findings } = rulesOf(descriptor);
  const matches = rules.map(() => 0);
  const documents = chosen(exportDocuments(model, 'source'), names);
  const changed = documents.flatMap(({ name, text }) => {
    const { root, source } = readJson(text, documentBounds);
    if (root === undefined) return [];
    const transformed = transformDocument({ source, root }, rules);
    for (const [index, count] of transformed.matches.entries()) matches[index] = (matches[index] ?? 0) + count;
    return transformed.text === text ? [] : [{ name, before: text, text: transformed.text }];
  });
  const told = rules.map(({ properties }, index) => ({
    number: index + 1,
    changedProperties: properties.map((path) => path.join('.')),
    matches: matches[index] ?? 0,
  }));
  return { changed, unchanged: documents.length - changed.length, rules: told, findings };
};
