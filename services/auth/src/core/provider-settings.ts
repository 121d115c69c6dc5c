import { isLoopbackHost } from '@guildhall/resources';

/** The identity providers that one installation may have. */
const providersMax = 20;
const textCharactersMax = 500;

/** How a client shows its secret at the token endpoint (RFC 7591, section 2). */
const clientAuthentications = ['client_secret_basic', 'client_secret_post'] as const;
export type ClientAuthentication = (typeof clientAuthentications)[number];

/** An OAuth 2.0 provider that has no discovery and sends no ID tokens, such as GitHub: its addresses, and where its API says who signed in. */
export interface OauthSettings {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Answers who the access token is of, as a JSON object. */
  readonly userinfoUrl: string;
  /** Answers the addresses of that user, as a JSON list of `email`, `primary`, `verified`; null where the user's object says `email` and `email_verified`. */
  readonly emailsUrl: string | null;
  readonly scope: string;
  /** The field of the user's object that names them for ever, a text or a whole number. */
  readonly subjectField: string;
}

/** An identity provider of the settings. */
export interface ProviderSettings {
  /** A part of addresses. */
  readonly id: string;
  /** The name that people know it by. */
  readonly name: string;
  /** The address that its ID tokens name, with the metadata below it (OpenID Connect Discovery 1.0); with `oauth` a name for it that never changes. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  readonly clientAuthentication: ClientAuthentication;
  /** Whether an address that the provider has verified makes an account. */
  readonly isTrusted: boolean;
  /** Null for an issuer of ID tokens with discovery. */
  readonly oauth: OauthSettings | null;
}

const providerFields: ReadonlySet<string> = new Set([
  'id',
  'name',
  'issuer',
  'clientId',
  'clientSecret',
  'clientAuthentication',
  'isTrusted',
  'oauth',
]);
const oauthFields: ReadonlySet<string> = new Set([
  'authorizationUrl',
  'tokenUrl',
  'userinfoUrl',
  'emailsUrl',
  'scope',
  'subjectField',
]);

/** Reads the text of `OIDC_PROVIDERS`. Throws an Error that says what is wrong, without a secret. */
export const parseProviders = (json: string): readonly ProviderSettings[] => {
  const list = parseList(json);
  const providers = list.map(readProvider);
  for (const unique of ['id', 'issuer'] as const)
    if (new Set(providers.map((provider) => provider[unique])).size < providers.length)
      throw new Error(`OIDC_PROVIDERS names an ${unique} twice.`);
  return providers;
};

const parseList = (json: string): readonly unknown[] => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('OIDC_PROVIDERS is not JSON.');
  }
  if (!Array.isArray(value) || value.length > providersMax)
    throw new Error(`OIDC_PROVIDERS must be a JSON list of at most ${providersMax} providers.`);
  return value;
};

type Fault = (what: string) => Error;

/** The fields of an object of the settings. Throws for one that is not known, and for a text that is missing or too long. */
const fieldsOf = (value: unknown, known: ReadonlySet<string>, fault: Fault, prefix = '') => {
  if (typeof value !== 'object' || value === null)
    throw fault(prefix === '' ? 'it must be an object' : '"oauth" must be an object');
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw fault(`the field ${JSON.stringify(prefix + unknown)} is not known`);
  const text = (name: string): string => {
    const found = given.get(name);
    if (typeof found !== 'string' || found === '' || found.length > textCharactersMax || /\p{Cc}/u.test(found))
      throw fault(`"${prefix}${name}" must be a text of 1 to ${textCharactersMax} characters`);
    return found;
  };
  return { given, text, optional: (name: string): string | null => (given.has(name) ? text(name) : null) };
};

const readProvider = (value: unknown, index: number): ProviderSettings => {
  const fault: Fault = (what) => new Error(`Provider ${index + 1} of OIDC_PROVIDERS: ${what}.`);
  const { given, text, optional } = fieldsOf(value, providerFields, fault);
  const [id, issuer, isTrusted = false] = [text('id'), text('issuer'), given.get('isTrusted')];
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) throw fault('"id" must be small letters, digits and hyphens, at most 40');
  if (!isIssuer(issuer)) throw fault('"issuer" must be an https:// address without a query, the one that its ID tokens name');
  if (typeof isTrusted !== 'boolean') throw fault('"isTrusted" must be true or false');
  const asked = optional('clientAuthentication') ?? 'client_secret_basic';
  const clientAuthentication = clientAuthentications.find((known) => known === asked);
  if (clientAuthentication === undefined)
    throw fault(`"clientAuthentication" must be one of ${clientAuthentications.join(', ')}`);
  const oauth = given.has('oauth') ? readOauth(given.get('oauth'), fault) : null;
  const client = { clientId: text('clientId'), clientSecret: optional('clientSecret'), clientAuthentication };
  return { id, name: text('name'), issuer, ...client, isTrusted, oauth };
};

const readOauth = (value: unknown, fault: Fault): OauthSettings => {
  const { given, text } = fieldsOf(value, oauthFields, fault, 'oauth.');
  const address = (name: string): string => {
    const found = text(name);
    if (!isAddress(found)) throw fault(`"oauth.${name}" must be an https:// address`);
    return found;
  };
  return {
    authorizationUrl: address('authorizationUrl'),
    tokenUrl: address('tokenUrl'),
    userinfoUrl: address('userinfoUrl'),
    emailsUrl: given.has('emailsUrl') ? address('emailsUrl') : null,
    scope: text('scope'),
    subjectField: given.has('subjectField') ? text('subjectField') : 'sub',
  };
};

/** Whether a text is an HTTPS address, or a plain one of this machine. */
const isAddress = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
};

/** Whether a text is an address without query and fragment (OpenID Connect Core 1.0, section 1.2), and not that of its metadata. */
const isIssuer = (text: string): boolean => isAddress(text) && URL.parse(text)?.search === '' && !text.includes('/.well-known/');
