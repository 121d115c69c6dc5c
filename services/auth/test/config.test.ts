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
      auditUrl: null,
      teamResourcesUrl: null,
      publicUrl: 'http://guildhall.test',
      mail: { kind: 'folder', folder: 'mails', from: 'Guildhall <guildhall@localhost>' },
      registration: 'open',
      secondFactorRoles: [],
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
