import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';
import { readJsonText } from './json-text.ts';

/** The text of the kept member of each parsed body. */
const texts = new WeakMap<object, string>();

/** The text of the kept member, character by character; undefined if the body has none. */
export const exactMemberOf = (body: object): string | undefined => texts.get(body);

const byteOrderMark = '\uFEFF';

/**
 * Keeps the text of one member of the JSON bodies of all routes in `scope`: a JavaScript object would lose the form of numbers
 * and the order of keys. Throws INVALID for the faults that `readJsonText` finds.
 */
export const keepExactMember = (scope: FastifyInstance, member: string, nestingMax: number): void => {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    void parse(request, text, (error, value: unknown) => {
      if (error !== null) return done(error);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return done(null, value);
      const read = readJsonText(text.startsWith(byteOrderMark) ? text.slice(1) : text, member, nestingMax);
      if (read.fault !== null) return done(refused(read.fault));
      if (read.member !== undefined) texts.set(value, read.member);
      return done(null, value);
    });
  });
};

const refused = (fault: { readonly path: string; readonly message: string }): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', { errors: [fault] });
