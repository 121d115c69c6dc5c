import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { Provider } from 'oidc-provider';

export interface ProviderUser {
  readonly email: string;
  readonly isVerified?: boolean;
  readonly name?: string;
}

export type AlterIdToken = (claims: JWTPayload, header: { alg: string }) => JWTPayload | string;

const clientOf = (id: string, redirectUri: string, isPlainOauth = false) => ({
  client_id: id,
  client_secret: `secret of ${id} with enough of chance`,
  redirect_uris: [redirectUri],
  ...(isPlainOauth ? { token_endpoint_auth_method: 'client_secret_post' as const } : {}),
});

export interface IdentityProviderOptions {
  readonly redirectUri: string;
  /** Has no metadata, takes the client's secret in the body as GitHub does, and answers `apiAnswers` with the login of the access token. */
  readonly isPlainOauth?: boolean;
  /** The audience of the access tokens that the client `other` gets, which are signed then (RFC 9068). */
  readonly audience?: string;
}

/** An answer of the API of a plain OAuth provider to the access token of a user: an object, or a text that is sent as it is. */
export type ApiAnswer = (login: string) => unknown;

/** A real issuer of ID tokens on this machine, which signs in whoever names themselves: the login is the subject. */
export const startIdentityProvider = async ({ redirectUri, isPlainOauth = false, audience }: IdentityProviderOptions) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const users = new Map<string, ProviderUser>();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'key-1' };
  const browsers = new Map<string, Map<string, string>>();
  let alter: AlterIdToken | null = null;
  let failure: number | null = null;
  const apiAnswers = new Map<string, ApiAnswer>();
  const provider = new Provider(issuer, {
    clients: [clientOf('guildhall', redirectUri, isPlainOauth), clientOf('other', redirectUri, isPlainOauth)],
    jwks: { keys: [jwk] },
    ...(audience === undefined ? {} : { features: { resourceIndicators: signedTokensFor(audience) } }),
    cookies: { keys: ['a key of the cookies of this test'] },
    ...(isPlainOauth ? { scopes: ['user:email'] } : {}),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    ttl: { AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
    findAccount: (_context, id) => {
      const user = users.get(id);
      if (user === undefined) return undefined;
      const { email, isVerified = true, name } = user;
      return {
        accountId: id,
        claims: () => ({ sub: id, email, email_verified: isVerified, ...(name === undefined ? {} : { name }) }),
      };
    },
  });
  const altered = async (token: string, change: AlterIdToken): Promise<string> => {
    const header = { alg: 'ES256', kid: 'key-1' };
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload;
    const made = change(claims, header);
    return typeof made === 'string' ? made : new SignJWT(made).setProtectedHeader(header).sign(await importJWK(jwk, 'ES256'));
  };
  provider.use(async (context, next) => {
    if (isPlainOauth && context.path.startsWith('/.well-known/')) {
      context.status = 404;
      return;
    }
    const answer = apiAnswers.get(context.path);
    if (answer !== undefined) {
      const { accountId } = (await provider.AccessToken.find(context.get('authorization').replace('Bearer ', ''))) ?? {};
      if (accountId === undefined) context.status = 401;
      else context.body = answer(accountId);
      return;
    }
    if (failure !== null && context.path !== '/.well-known/openid-configuration') {
      context.status = failure;
      return;
    }
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path === '/token' && alter !== null && typeof body?.id_token === 'string')
      body.id_token = await altered(body.id_token, alter);
  });
  const listener = provider.callback();
  server.on('request', (request, response) => void listener(request, response));

  return {
    issuer,
    clientSecret: clientOf('guildhall', redirectUri).client_secret,
    users,
    /** The answers of the API, by path. */
    apiAnswers,
    /** Alters the ID tokens from now on, and signs them again with the key of the provider. */
    alterIdTokens: (change: AlterIdToken | null) => void (alter = change),
    /** Forgets the code of an answer, as when it expires. */
    forgetCode: async (query: string) => {
      const code = new URLSearchParams(query).get('code') ?? '';
      await (await provider.AuthorizationCode.find(code))?.destroy();
    },
    /** Answers everything but the metadata with this status while it is one. */
    fail: (status: number | null) => void (failure = status),
    /** Acts as the browser of a user: follows redirects with its cookies, fills in forms, and returns the query that it is sent back with. */
    signIn: async (url: string, login: string): Promise<string> => {
      const cookies = browsers.get(login) ?? new Map<string, string>();
      browsers.set(login, cookies);
      return signInAt(url, { login, cookies, redirectUri });
    },
    /** An access token that another application got for a user. */
    accessTokenOf: async (login: string): Promise<string> => {
      const verifier = 'a'.repeat(43);
      const challenge = createHash('sha256').update(verifier).digest('base64url');
      const asked = { client_id: 'other', response_type: 'code', scope: 'openid', redirect_uri: redirectUri };
      const parameters = { ...asked, code_challenge: challenge, code_challenge_method: 'S256' };
      const query = await signInAt(`${issuer}/auth?${new URLSearchParams(parameters).toString()}`, {
        login,
        cookies: new Map(),
        redirectUri,
      });
      const code = new URLSearchParams(query).get('code') ?? '';
      const { client_id: id, client_secret: secret } = clientOf('other', redirectUri);
      const credentials = Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64');
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${credentials}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }),
      });
      return String(((await response.json()) as { access_token?: string }).access_token);
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Signed access tokens, of this audience, for the client `other` alone: opaque ones are what the user information is asked by. */
const signedTokensFor = (audience: string) => ({
  enabled: true,
  defaultResource: (_context: unknown, { clientId }: { clientId: string }) => (clientId === 'other' ? 'urn:guildhall:api' : []),
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    scope: 'openid',
    audience,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'ES256' as const } },
  }),
});

export type TestIdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>;

interface Browser {
  readonly login: string;
  readonly cookies: Map<string, string>;
  readonly redirectUri: string;
}

const signInAt = async (start: string, { login, cookies, redirectUri }: Browser): Promise<string> => {
  let url = start;
  let form: URLSearchParams | undefined;
  for (let hops = 0; hops < 20; hops += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location?.startsWith(redirectUri) === true) return new URL(location).search;
    form = undefined;
    if (location !== null) {
      url = new URL(location, url).href;
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (action === undefined || prompt === undefined)
      throw new Error(`The provider answered ${response.status}: ${page.slice(0, 2000)}`);
    url = new URL(action, url).href;
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  throw new Error('The provider leads nowhere.');
};
