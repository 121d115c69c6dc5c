const text = { type: 'string' };

/** The headers of answers, as components. */
export const headers = {
  RequestId: {
    description: 'The id of the request, as in the logs and in the audit trail.',
    schema: text,
    example: '7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11',
  },
  ETag: {
    description: 'The version of the resource, for `If-Match` of the next change (RFC 9110, section 8.8.3).',
    schema: text,
    example: '"3"',
  },
  Location: {
    description: 'The path of what was created (RFC 9110, section 10.2.2).',
    schema: text,
    example: '/v1/communities/5b1f9a1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b',
  },
  WWWAuthenticate: {
    description: 'How to sign in (RFC 6750, section 3).',
    schema: text,
    example: 'Bearer realm="Guildhall"',
  },
  RetryAfter: {
    description: 'The seconds after which asking again may help; absent where that is not known.',
    schema: { type: 'integer', minimum: 1 },
    example: 20,
  },
  SetCookie: {
    description: "The session cookie of a browser, with `session: 'cookie'`: the refresh token, or its end.",
    schema: text,
    example: '__Host-guildhall-session=6b0e3f52….qW8x…; Max-Age=1209600; Path=/; Secure; HttpOnly; SameSite=Strict',
  },
  ContentDisposition: {
    description: 'The name under which a browser saves the answer (RFC 6266).',
    schema: text,
    example: 'attachment; filename="audit.ndjson"',
  },
};

/** A reference to one of them. */
export const headerReference = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });
