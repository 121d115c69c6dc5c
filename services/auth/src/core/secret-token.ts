/** A token that names a row and proves the right to it: a refresh token names a session, a code token the request for a code. */
export interface SecretToken {
  readonly id: string;
  readonly secret: string;
}

const pattern = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** An id and 256 random bits in base64url, joined by a dot. */
export const secretTokenOf = (id: string, secret: string): string => `${id}.${secret}`;

/** The parts of a token; null for a text of another form. */
export const parseSecretToken = (token: string): SecretToken | null => {
  const [, id, secret] = pattern.exec(token) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
};
