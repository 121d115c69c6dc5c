import { isLoopbackHost } from '@guildhall/resources';

/** The identity providers that one installation may have. */
const providersMax = 20;
const textCharactersMax = 500;

/** An identity provider (OpenID Connect) of the settings. */
export interface ProviderSettings {
  /** A part of addresses. */
  readonly id: string;
  /** The name that people know it by. */
  readonly name: string;
  /** The address that its ID tokens name, with the metadata below it (OpenID Connect Discovery 1.0). */
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  /** Whether an address that the provider has verified makes an account. */
  readonly isTrusted: boolean;
}

const fieldNames: ReadonlySet<string> = new Set(['id', 'name', 'issuer', 'clientId', 'clientSecret', 'isTrusted']);

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

const readProvider = (value: unknown, index: number): ProviderSettings => {
  const fault = (what: string): Error => new Error(`Provider ${index + 1} of OIDC_PROVIDERS: ${what}.`);
  if (typeof value !== 'object' || value === null) throw fault('it must be an object');
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].find((name) => !fieldNames.has(name));
  if (unknown !== undefined) throw fault(`the field ${JSON.stringify(unknown)} is not known`);
  const text = (name: string): string => {
    const found = given.get(name);
    if (typeof found !== 'string' || found === '' || found.length > textCharactersMax || /\p{Cc}/u.test(found))
      throw fault(`"${name}" must be a text of 1 to ${textCharactersMax} characters`);
    return found;
  };
  const [id, issuer, isTrusted = false] = [text('id'), text('issuer'), given.get('isTrusted')];
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) throw fault('"id" must be small letters, digits and hyphens, at most 40');
  if (!isIssuer(issuer)) throw fault('"issuer" must be an https:// address without a query, the one that its ID tokens name');
  if (typeof isTrusted !== 'boolean') throw fault('"isTrusted" must be true or false');
  const clientSecret = given.has('clientSecret') ? text('clientSecret') : null;
  return { id, name: text('name'), issuer, clientId: text('clientId'), clientSecret, isTrusted };
};

/** Whether a text is an HTTPS address without query and fragment (OpenID Connect Core 1.0, section 1.2), or a plain one of this machine. */
const isIssuer = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '' || text.includes('/.well-known/')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
};
