import { definitionNestingMax } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { definitionFields, type DefinitionFields } from '../folder-definition.ts';
import { readJsonText } from '../json-text.ts';

const invalid = (message: string): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', { errors: [{ path: '/document/definition', message }] });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw invalid('must be the text of a JSON object');
};

/** Reads the text of a definition that came as a text. Throws INVALID or TOO_LARGE. */
export const readDefinition = (text: string): DefinitionFields => {
  const value = parse(text);
  const { fault } = readJsonText(`{"definition":${text}}`, 'definition', definitionNestingMax);
  if (fault !== null) throw invalid(fault.message);
  return definitionFields(text, value);
};
