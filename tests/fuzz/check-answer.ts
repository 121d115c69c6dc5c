import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiDocument, Operation } from './document.ts';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined for a stream, which is left after its headers. */
  readonly text: string | undefined;
  readonly milliseconds: number;
}

/** The longest time from a request to its whole answer. */
const answerLimitMs = 15_000;

/** States of a stack in which an answer of 503 is right; it is ready throughout a run, but may be overloaded. */
const statusesOfOverload: ReadonlySet<string> = new Set(['SERVICE_UNAVAILABLE']);

const pointerPart = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Returns a function that names what an answer says against the document: its status, code, media type, body or time. */
export const createAnswerCheck = ({ source, operations }: ApiDocument) => {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema(source, 'document');
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (...parts: readonly string[]): ValidateFunction => {
    const pointer = `document#/${parts.map(pointerPart).join('/')}`;
    const found = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, found);
    return found;
  };
  const patterns = operations
    .map((operation) => ({ operation, pattern: new RegExp(`^${operation.template.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
    .toSorted((one, other) => parameterCount(one.operation) - parameterCount(other.operation));
  /** The operation at the path that was sent, which may be another than the one it was made of. */
  const operationAt = ({ method, path }: FuzzRequest): Operation | undefined => {
    const plain = path.split('?')[0] ?? '';
    return patterns.find(({ operation, pattern }) => operation.method === method && pattern.test(plain))?.operation;
  };
  const bodyFault = (operation: Operation, status: string, media: string, text: string): string | null => {
    const content = operation.responses[status]?.content;
    if (content === undefined) return text === '' ? null : 'a body, where none is declared';
    if (content[media] === undefined) return `the media type ${media}`;
    if (!media.endsWith('json') || media.includes('ndjson')) return null;
    const { template, method } = operation;
    const validate = validatorAt('paths', template, method.toLowerCase(), 'responses', status, 'content', media, 'schema');
    return validate(JSON.parse(text)) ? null : `a body that does not fit: ${ajv.errorsText(validate.errors)}`;
  };
  return (request: FuzzRequest, { status, headers, text, milliseconds }: FuzzAnswer): string | null => {
    if (milliseconds > answerLimitMs) return `it took ${Math.round(milliseconds)} ms`;
    const media = String(headers['content-type'] ?? '').split(';')[0] ?? '';
    const code = text !== undefined && media === 'application/problem+json' ? codeIn(text) : undefined;
    if (status >= 500 && !(status === 503 && statusesOfOverload.has(String(code))))
      return `the status ${status}, ${String(code)}`;
    const operation = operationAt(request);
    if (operation === undefined)
      return status >= 400 && code !== undefined ? null : `the status ${status} at a path that there is not`;
    const declared = operation.responses[String(status)];
    if (declared === undefined) return `the status ${status}, which ${operation.operationId} does not declare`;
    const codes = declared.content?.['application/problem+json']?.examples;
    if (code !== undefined && codes?.[code] === undefined)
      return `the code ${code}, which ${operation.operationId} does not declare`;
    return text === undefined ? null : bodyFault(operation, String(status), media, text);
  };
};

const parameterCount = ({ template }: Operation): number => template.split('{').length;

const codeIn = (text: string): string => String((JSON.parse(text) as { readonly code?: unknown }).code);
