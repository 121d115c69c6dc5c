import { AppError } from '@guildhall/errors';
import { parseJsonBodies } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { readJsonText } from './json-text.ts';

/** The text of the kept member of each parsed body. */
const texts = new WeakMap<object, string>();

/** The text of the kept member, character by character; undefined if the body has none. */
export const exactMemberOf = (body: object): string | undefined => texts.get(body);

/**
 * Keeps the text of one member of the JSON bodies of all routes in `scope`: a JavaScript object would lose the form of numbers
 * and the order of keys. Throws INVALID for the faults that `readJsonText` finds.
 */
export const keepExactMember = (scope: FastifyInstance, member: string, nestingMax: number): void =>
  parseJsonBodies(scope, (text, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const read = readJsonText(text, member, nestingMax);
    if (read.fault !== null) throw refused(read.fault);
    if (read.member !== undefined) texts.set(value, read.member);
  });

const refused = (fault: { readonly path: string; readonly message: string }): AppError =>
  new AppError('INVALID', 'The body does not fit this operation.', { errors: [fault] });
