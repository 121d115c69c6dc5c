export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
}

const pattern = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** A session's id and 256 random bits in base64url, joined by a dot. */
export const refreshTokenOf = (sessionId: string, secret: string): string => `${sessionId}.${secret}`;

/** The parts of a refresh token; null for a text of another form. */
export const parseRefreshToken = (token: string): RefreshToken | null => {
  const [, sessionId, secret] = pattern.exec(token) ?? [];
  return sessionId === undefined || secret === undefined ? null : { sessionId, secret };
};
