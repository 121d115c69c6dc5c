import { atOnce } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';

/** The page needs nothing from elsewhere. An installation may be reached by plain HTTP within a network: no browser is told to upgrade. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'self'",
  "font-src 'self' https: data:",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self' https: 'unsafe-inline'",
].join(';');

/** The fields that OWASP's Secure Headers Project recommends, the same for every answer. */
const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const;

/** Sets the security headers of every answer. A route may set a field of its own. */
export const addSecurityHeaders = (app: FastifyInstance): void => {
  app.addHook(
    'onRequest',
    atOnce((_request, reply) => void reply.headers(securityHeaders)),
  );
};
