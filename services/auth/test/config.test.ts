import { identityOf, internalKey, internalKeyBase64, serviceKeysOf, testKey } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import { readConfig, readRotateConfig } from '../src/config.ts';

const key = Buffer.from(testKey(1)).toString('base64');
const complete = {
  ...serviceKeysOf('auth'),
  ENCRYPTION_KEY: key,
  INTERNAL_KEY: internalKeyBase64,
  PUBLIC_URL: 'http://guildhall.test',
  MAIL_FOLDER: 'mails',
};

const readProviders = (value: unknown) =>
  readConfig({ ...complete, OIDC_PROVIDERS: typeof value === 'string' ? value : JSON.stringify(value) }).providers;

describe('readConfig', () => {
  test('needs three keys, a public address and a way to send mails; the rest has defaults', () => {
    expect(readConfig(complete)).toEqual({
      host: '127.0.0.1',
      port: 0,
      metricsToken: null,
      logLevel: 'info',
      identity: identityOf('auth'),
      encryptionKey: testKey(1),
      internalKey,
      databaseUrl: null,
      queueUrl: null,
      tracing: null,
      auditUrl: null,
      teamResourcesUrl: null,
      publicUrl: 'http://guildhall.test',
      mail: { kind: 'folder', folder: 'mails', from: 'Guildhall <guildhall@localhost>' },
      registration: 'open',
      secondFactorRoles: [],
      providers: [],
      bcryptCost: 12,
      setupTokenFile: null,
    });
  });

  test('prefers SMTP to the folder', () => {
    const { mail } = readConfig({ ...complete, SMTP_URL: 'smtp://localhost', MAIL_FROM: 'a@b.test' });
    expect(mail).toEqual({ kind: 'smtp', url: 'smtp://localhost', from: 'a@b.test' });
  });

  test('takes the roles that need a second factor, with commas between them', () => {
    expect(readConfig({ ...complete, SECOND_FACTOR_ROLES: 'owner, admin,' }).secondFactorRoles).toEqual(['owner', 'admin']);
    expect(() => readConfig({ ...complete, SECOND_FACTOR_ROLES: 'Owner;admin' })).toThrow(
      'SECOND_FACTOR_ROLES must be names of roles with commas between them, such as owner,admin.',
    );
  });

  test('takes identity providers as a list of JSON, and says what is wrong with it without a secret', () => {
    const provider = { id: 'company', name: 'Company', issuer: 'https://login.example.org', clientId: 'guildhall' };
    const defaults = { clientAuthentication: 'client_secret_basic', oauth: null };
    const [authorizationUrl, tokenUrl] = ['https://hub.example.org/authorize', 'https://hub.example.org/token'];
    const oauth = { authorizationUrl, tokenUrl, userinfoUrl: 'https://api.example.org/user?v=1', scope: 'user:email' };
    expect(
      readProviders([provider, { ...provider, id: 'other', issuer: 'http://127.0.0.1:1', clientSecret: 'a', isTrusted: true }]),
    ).toEqual([
      { ...provider, ...defaults, clientSecret: null, isTrusted: false },
      { ...provider, ...defaults, id: 'other', issuer: 'http://127.0.0.1:1', clientSecret: 'a', isTrusted: true },
    ]);
    const hub = { ...provider, clientAuthentication: 'client_secret_post', oauth };
    expect(readProviders([hub])).toEqual([
      { ...hub, clientSecret: null, isTrusted: false, oauth: { ...oauth, emailsUrl: null, subjectField: 'sub' } },
    ]);
    const first = 'Provider 1 of OIDC_PROVIDERS: ';
    const issuer = `${first}"issuer" must be an https:// address without a query, the one that its ID tokens name.`;
    for (const [value, fault] of [
      ['{', 'OIDC_PROVIDERS is not JSON.'],
      [{}, 'OIDC_PROVIDERS must be a JSON list of at most 20 providers.'],
      [[1], `${first}it must be an object.`],
      [[{ ...provider, secret: 'canary' }], `${first}the field "secret" is not known.`],
      [[{ ...provider, clientId: 7 }], `${first}"clientId" must be a text of 1 to 500 characters.`],
      [[{ ...provider, id: 'Company' }], `${first}"id" must be small letters, digits and hyphens, at most 40.`],
      [[{ ...provider, isTrusted: 'yes' }], `${first}"isTrusted" must be true or false.`],
      [[{ ...provider, issuer: 'http://login.example.org' }], issuer],
      [[{ ...provider, issuer: 'https://login.example.org/?tenant=1' }], issuer],
      [[{ ...provider, issuer: 'https://login.example.org/.well-known/openid-configuration' }], issuer],
      [
        [{ ...provider, clientAuthentication: 'none' }],
        `${first}"clientAuthentication" must be one of client_secret_basic, client_secret_post.`,
      ],
      [[{ ...provider, oauth: 'yes' }], `${first}"oauth" must be an object.`],
      [[{ ...provider, oauth: { ...oauth, issuer: 'a' } }], `${first}the field "oauth.issuer" is not known.`],
      [
        [{ ...provider, oauth: { authorizationUrl, tokenUrl } }],
        `${first}"oauth.userinfoUrl" must be a text of 1 to 500 characters.`,
      ],
      [
        [{ ...provider, oauth: { ...oauth, emailsUrl: 'http://api.example.org/emails' } }],
        `${first}"oauth.emailsUrl" must be an https:// address.`,
      ],
      [[provider, { ...provider, issuer: 'https://elsewhere.example.org' }], 'OIDC_PROVIDERS names an id twice.'],
      [[provider, { ...provider, id: 'other' }], 'OIDC_PROVIDERS names an issuer twice.'],
    ] as const)
      expect(() => readProviders(value)).toThrow(`The configuration is not complete:\n  ${fault}`);
    const secret = { ...provider, clientSecret: 'canary', isTrusted: 1 };
    expect(() => readProviders([secret])).toThrow(expect.not.stringContaining('canary'));
  });

  test('names everything that is missing or wrong at once', () => {
    expect(() => readConfig({ BCRYPT_COST: '3', REGISTRATION: 'anyone', PORT: 'x', ENCRYPTION_KEY: 'c2hvcnQ=' })).toThrow(
      [
        'The configuration is not complete:',
        '  PORT must be a whole number from 0 to 65535.',
        '  SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.',
        '  ENCRYPTION_KEY is too short: it must be at least 32 bytes in base64.',
        '  INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.',
        '  PUBLIC_URL is missing.',
        '  SMTP_URL or MAIL_FOLDER is missing: without a way to send mails nobody can confirm an address.',
        '  REGISTRATION must be one of open, invited, closed.',
        '  BCRYPT_COST must be a whole number from 4 to 15.',
      ].join('\n'),
    );
  });
});

test('the rotation of signing keys wants the database and the key that seals them', () => {
  expect(readRotateConfig({ DATABASE_URL: 'postgres://localhost/guildhall', ENCRYPTION_KEY: key })).toEqual({
    databaseUrl: 'postgres://localhost/guildhall',
    encryptionKey: testKey(1),
  });
  expect(() => readRotateConfig({ ENCRYPTION_KEY: 'c2hvcnQ=' })).toThrow(
    [
      'The configuration is not complete:',
      '  DATABASE_URL is missing.',
      '  ENCRYPTION_KEY is too short: it must be at least 32 bytes in base64.',
    ].join('\n'),
  );
});
