import * as client from 'openid-client';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { AuthenticationRequest, OutsideIdentity } from '../core/identity-provider.ts';
import type { OauthSettings, ProviderSettings } from '../core/provider-settings.ts';
import { displayNameOf, verifiedEmailOf, type Claims } from './provider-claims.ts';
import { answerSecondsMax, clientAuthenticationOf, type ProviderProtocol } from './provider-protocol.ts';

/** The longest answer of a provider's API that is read. */
const answerBytesMax = 256 * 1024;
/** The longest name of a user at an issuer (OpenID Connect Core 1.0, section 2). */
const subjectCharactersMax = 255;

const userObject = Compile(Type.Record(Type.String(), Type.Unknown()));
const emailList = Compile(Type.Array(Type.Record(Type.String(), Type.Unknown())));

/** An OAuth 2.0 provider whose addresses the settings name (RFC 6749, RFC 7636), and whose API says who signed in. */
export const createOauthProtocol = (settings: ProviderSettings, oauth: OauthSettings): ProviderProtocol => {
  const configuration = configurationOf(settings, oauth);
  return {
    configuration: () => Promise.resolve(configuration),
    scope: oauth.scope,
    hasNonce: false,
    identify: (known, request, answered) => identify(oauth, known, request, answered),
  };
};

const configurationOf = (settings: ProviderSettings, oauth: OauthSettings): client.Configuration => {
  const server = {
    issuer: settings.issuer,
    authorization_endpoint: oauth.authorizationUrl,
    token_endpoint: oauth.tokenUrl,
  };
  const configuration = new client.Configuration(server, settings.clientId, {}, clientAuthenticationOf(settings));
  configuration.timeout = answerSecondsMax;
  // The settings name no plain address but those of this machine.
  const addresses = [oauth.tokenUrl, oauth.userinfoUrl, ...(oauth.emailsUrl === null ? [] : [oauth.emailsUrl])];
  if (addresses.some((address) => address.startsWith('http:'))) client.allowInsecureRequests(configuration);
  return configuration;
};

const identify = async (
  oauth: OauthSettings,
  configuration: client.Configuration,
  { state, codeVerifier }: AuthenticationRequest,
  answered: URL,
): Promise<OutsideIdentity> => {
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
  const { access_token: accessToken } = await client.authorizationCodeGrant(configuration, answered, checks);
  const user: unknown = await askApi(configuration, accessToken, oauth.userinfoUrl);
  if (!userObject.Check(user)) throw new Error('The provider described no user.');
  const emails = oauth.emailsUrl === null ? null : await askApi(configuration, accessToken, oauth.emailsUrl);
  return {
    subject: subjectOf(user[oauth.subjectField]),
    verifiedEmail: emails === null ? verifiedEmailOf(user['email'], user['email_verified']) : primaryEmailOf(emails),
    displayName: displayNameOf(user['name'], user['preferred_username'], user['login']),
  };
};

/** The name of a user, of which a number that JSON may have rounded is none: it could be another user's. */
const subjectOf = (given: unknown): string => {
  if (Number.isSafeInteger(given)) return String(given);
  if (typeof given !== 'string' || given === '' || given.length > subjectCharactersMax || /\p{Cc}/u.test(given))
    throw new Error('The provider named no user by the field that the settings say.');
  return given;
};

/** The address that the user made their first one, where it is verified: another one of theirs is not how they are known. */
const primaryEmailOf = (emails: unknown): string | null => {
  if (!emailList.Check(emails)) throw new Error('The provider listed no addresses.');
  const primary: Claims | undefined = emails.find((entry) => entry['primary'] === true);
  return verifiedEmailOf(primary?.['email'], primary?.['verified']);
};

/** Asks the API of a provider with the access token of its user. Follows no redirect, which would carry the token away. */
const askApi = async (configuration: client.Configuration, accessToken: string, address: string): Promise<unknown> => {
  const headers = new Headers({ accept: 'application/json' });
  const response = await client.fetchProtectedResource(configuration, accessToken, new URL(address), 'GET', null, headers);
  const text = await readBounded(response);
  if (response.status !== 200) throw new Error(`${address} answered ${response.status}.`);
  return JSON.parse(text);
};

const readBounded = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > answerBytesMax) throw new Error(`The provider answered more than ${answerBytesMax} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};
