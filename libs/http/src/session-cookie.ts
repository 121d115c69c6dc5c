import { AppError } from '@guildhall/errors';

/**
 * The cookie that holds a browser's refresh token. The prefix makes browsers take it from this host alone, by HTTPS and for every path (RFC 6265bis,
 * section 4.1.3): no neighbouring host and no page of another path can plant or shadow it.
 */
const sessionCookieName = '__Host-guildhall-session';

/** The header by which a browser says from where a page sent a request (Fetch Metadata). No page can set it. */
export const fetchSiteHeader = 'sec-fetch-site';

/** The fields `Cookie` and `Sec-Fetch-Site` of a request. */
interface CookieFields {
  readonly cookie: string | undefined;
  readonly fetchSite: string | undefined;
}

/** The session cookie of a request, as it came. */
export interface SentCookie {
  /** Null without one. */
  readonly value: string | null;
  /** Whether a page of this origin sent the request. False where the browser does not say so. */
  readonly isSameOrigin: boolean;
}

/** The session cookie of an answer: a value with its life, or the end of it. */
export type SetCookie = { readonly value: string; readonly maxAgeSeconds: number } | 'clear';

const isText = (field: unknown): field is string => typeof field === 'string';

/** The values that a `Cookie` field (RFC 6265, section 4.2) has for the session cookie. */
const valuesIn = (field: string): readonly string[] =>
  field
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${sessionCookieName}=`))
    .map((pair) => pair.slice(sessionCookieName.length + 1));

/** Stands for a request without the cookie. */
export const noSessionCookie: SentCookie = { value: null, isSameOrigin: false };

/** The session cookie of a request. Throws INVALID for two of them: no browser sends that. */
export const readSessionCookie = ({ cookie, fetchSite }: CookieFields): SentCookie => {
  const [value = null, ...others] = cookie === undefined ? [] : valuesIn(cookie);
  if (others.length > 0) throw new AppError('INVALID', `The cookie ${sessionCookieName} was sent more than once.`);
  return { value, isSameOrigin: fetchSite === 'same-origin' };
};

/** The request headers of the session cookie, for the service that reads it: of all cookies this one alone. */
export const sessionCookieHeaders = (
  headers: Readonly<Record<string, unknown>>,
): { cookie?: string; [fetchSiteHeader]?: string } => {
  const field = headers['cookie'];
  const site = headers[fetchSiteHeader];
  const values = isText(field) ? valuesIn(field) : [];
  return {
    ...(values.length === 0 ? {} : { cookie: values.map((value) => `${sessionCookieName}=${value}`).join('; ') }),
    ...(isText(site) ? { [fetchSiteHeader]: site } : {}),
  };
};

/** The `Set-Cookie` field of an answer (RFC 6265, section 4.1). */
export const setCookieField = (cookie: SetCookie): string => {
  const { value, maxAgeSeconds } = cookie === 'clear' ? { value: '', maxAgeSeconds: 0 } : cookie;
  return `${sessionCookieName}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=Strict`;
};
