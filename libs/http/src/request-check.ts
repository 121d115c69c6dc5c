import { AppError, type FieldError } from '@guildhall/errors';
import type { RouteContract } from '@guildhall/contracts';
import type { ValidateFunction } from 'ajv';
import { Type, type TObject } from 'typebox';
import { fieldErrors, fieldErrorsMax } from './field-errors.ts';
import { textReaderOf } from './read-texts.ts';
import { requireStorable } from './storable-text.ts';
import { compileSchema } from './validation.ts';

/** The parts of a request as they arrived: texts in path and query, and the body as JSON; undefined without one. */
export interface RawRequest {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** The parts of a request that fits its contract. */
export interface CheckedRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

const nothing = Type.Object({}, { additionalProperties: false });

const compiled = (schema: TObject): ValidateFunction => compileSchema(schema);

const textCheck = (schema: TObject): ((texts: unknown) => readonly [Record<string, unknown>, readonly FieldError[]]) => {
  const [read, validate] = [textReaderOf(schema), compiled(schema)];
  return (texts) => {
    const values = read((texts ?? {}) as Record<string, unknown>);
    return [values, validate(values) ? [] : fieldErrors(validate.errors ?? [])];
  };
};

/** An operation without a body takes none, or an empty object. */
const bodyCheck = ({ body: schema }: RouteContract): ((body: unknown) => readonly FieldError[]) => {
  const validate = compiled(schema ?? nothing);
  return (body) => {
    if (body === undefined) return schema === undefined ? [] : [{ path: '', message: 'is empty; send a JSON object' }];
    return validate(body) ? [] : fieldErrors(validate.errors ?? []);
  };
};

type RequestCheck = (request: RawRequest) => CheckedRequest;

/**
 * Returns a function that checks requests against a contract. It throws INVALID with the faults of every part at once, or, where
 * `takesAnyText` is not set, for text that no database can store. An operation without parameters or a query refuses them. The
 * schemas are compiled with the first request (lazy initialisation): a start does not wait for the routes that nobody calls.
 */
export const requestCheckOf = (contract: RouteContract, takesAnyText = false): RequestCheck => {
  let check: RequestCheck | undefined;
  return (request) => (check ??= compileCheck(contract, takesAnyText))(request);
};

const compileCheck = (contract: RouteContract, takesAnyText: boolean): RequestCheck => {
  const [checkParams, checkQuery, checkBody] = [
    contract.params === undefined ? undefined : textCheck(contract.params),
    textCheck(contract.query ?? nothing),
    bodyCheck(contract),
  ];
  return (request) => {
    const [params, pathFaults] = checkParams?.(request.params) ?? [(request.params ?? {}) as Record<string, unknown>, []];
    const [query, queryFaults] = checkQuery(request.query);
    const { body } = request;
    requireNoFaults([
      ['path', pathFaults],
      ['query', queryFaults],
      ['body', checkBody(body)],
    ]);
    requireStorable('path', params);
    requireStorable('query', query);
    if (!takesAnyText) requireStorable('body', body);
    return { params, query, body: body ?? {} };
  };
};

/** Where several parts have faults, each fault says in which part it is: a pointer alone would not. */
const requireNoFaults = (parts: readonly (readonly [name: string, faults: readonly FieldError[]])[]): void => {
  const faulty = parts.filter(([, faults]) => faults.length > 0);
  if (faulty.length === 0) return;
  const names = faulty.map(([name]) => name).join(' and the ');
  const errors = faulty.flatMap(([name, faults]) =>
    faults.map(({ path, message }) => ({ path, message: faulty.length === 1 ? message : `in the ${name}: ${message}` })),
  );
  throw new AppError('INVALID', `The ${names} ${faulty.length === 1 ? 'does' : 'do'} not fit this operation.`, {
    errors: errors.slice(0, fieldErrorsMax),
  });
};
