import { tokenPermissions } from '@guildhall/contracts';
import { isLoopbackHost } from '@guildhall/resources';

/** The outside issuers that one installation may have. */
const issuersMax = 20;
const textCharactersMax = 500;

/** An authorization server (Keycloak and others) whose access tokens are taken as those of users here. */
export interface OutsideIssuer {
  /** The `iss` of its tokens, with its metadata below (RFC 8414; OpenID Connect Discovery 1.0). */
  readonly issuer: string;
  /** The `aud` that its tokens must name, so that no token for another application is good here. */
  readonly audience: string;
  /** The permissions of its tokens, as far as their users hold them: a part of what personal access tokens can have. */
  readonly permissions: readonly string[];
  /** Whether it asks for a second factor itself: otherwise no token is good for an account that has or needs one here. */
  readonly asksForSecondFactor: boolean;
}

const fieldNames: ReadonlySet<string> = new Set(['issuer', 'audience', 'permissions', 'asksForSecondFactor']);
const possiblePermissions: ReadonlySet<unknown> = new Set(tokenPermissions);

/** Reads the text of `OUTSIDE_ISSUERS`. Throws an Error that says what is wrong. */
export const parseOutsideIssuers = (json: string, ownIssuer: string): readonly OutsideIssuer[] => {
  const issuers = parseList(json).map(readIssuer);
  const names = issuers.map(({ issuer }) => issuer);
  if (new Set(names).size < names.length) throw new Error('OUTSIDE_ISSUERS names an issuer twice.');
  if (names.includes(ownIssuer)) throw new Error('OUTSIDE_ISSUERS names PUBLIC_URL, the issuer of this installation itself.');
  return issuers;
};

const parseList = (json: string): readonly unknown[] => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('OUTSIDE_ISSUERS is not JSON.');
  }
  if (!Array.isArray(value) || value.length > issuersMax)
    throw new Error(`OUTSIDE_ISSUERS must be a JSON list of at most ${issuersMax} issuers.`);
  return value;
};

const readIssuer = (value: unknown, index: number): OutsideIssuer => {
  const fault = (what: string): Error => new Error(`Issuer ${index + 1} of OUTSIDE_ISSUERS: ${what}.`);
  if (typeof value !== 'object' || value === null) throw fault('it must be an object');
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].find((name) => !fieldNames.has(name));
  if (unknown !== undefined) throw fault(`the field ${JSON.stringify(unknown)} is not known`);
  const [issuer, audience] = [given.get('issuer'), given.get('audience')];
  if (typeof issuer !== 'string' || !isIssuer(issuer)) throw fault('"issuer" must be an https:// address without a query');
  if (typeof audience !== 'string' || audience === '' || audience.length > textCharactersMax)
    throw fault(`"audience" must be a text of 1 to ${textCharactersMax} characters`);
  const permissions = given.get('permissions') ?? tokenPermissions;
  if (!Array.isArray(permissions) || permissions.length === 0 || permissions.some((each) => !possiblePermissions.has(each)))
    throw fault('"permissions" must be a list of what personal access tokens can have');
  const asksForSecondFactor = given.get('asksForSecondFactor') ?? false;
  if (typeof asksForSecondFactor !== 'boolean') throw fault('"asksForSecondFactor" must be true or false');
  return { issuer, audience, permissions: permissions.map(String), asksForSecondFactor };
};

/** Whether a text is an HTTPS address without query and fragment, or a plain one of this machine. */
const isIssuer = (text: string): boolean =>
  text.length <= textCharactersMax && URL.parse(text)?.search === '' && isKeyAddress(text);

/** True for an address at which keys may be read: by HTTPS, or of this machine. */
export const isKeyAddress = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
};
