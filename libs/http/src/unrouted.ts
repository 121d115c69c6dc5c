import { AppError } from '@guildhall/errors';
import type { FastifyInstance } from 'fastify';

/** Whether a path is one of the route's: a parameter stands for one segment, `*` for the rest. */
const matches = (pattern: string, path: string): boolean => {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  const rest = wanted.indexOf('*');
  if (rest === -1 ? wanted.length !== given.length : given.length <= rest) return false;
  const fixed = rest === -1 ? wanted : wanted.slice(0, rest);
  return fixed.every((segment, index) => (segment.startsWith(':') ? given[index] !== '' : segment === given[index]));
};

const nothingHere = (): AppError => new AppError('NOT_FOUND', 'There is nothing at this address.');

/** The path of a target in origin or absolute form (RFC 9112, section 3.2). */
const pathOf = (target: string): string => target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] ?? '';

/**
 * Refuses requests without a route before their body is read: 405 with `Allow` where the address takes other methods (RFC 9110,
 * section 15.5.6), 404 otherwise.
 */
export const refuseUnrouted = (app: FastifyInstance): void => {
  const methodsByPattern = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    // The route for preflight requests takes every address.
    if (url === '*') return;
    const methods = methodsByPattern.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByPattern.set(url, methods);
  });
  const methodsAt = (path: string): readonly string[] => [
    ...new Set([...methodsByPattern].flatMap(([pattern, methods]) => (matches(pattern, path) ? [...methods] : []))),
  ];
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return;
    const allowed = methodsAt(pathOf(request.url)).toSorted();
    if (allowed.length === 0) throw nothingHere();
    void reply.header('allow', allowed.join(', '));
    throw new AppError('METHOD_NOT_ALLOWED', `This address takes ${allowed.join(', ')}.`);
  });
  // A route that serves files passes on what it does not find.
  app.setNotFoundHandler(() => {
    throw nothingHere();
  });
};
