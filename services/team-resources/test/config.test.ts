import { identityOf, internalKey, internalKeyBase64, serviceKeysOf } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { readConfig, readRebuildConfig } from '../src/config.ts';

test('everything that is missing or wrong is named at once', () => {
  expect(() => readConfig({ PORT: '99999999' })).toThrow(
    [
      'The configuration is not complete:',
      '  PORT must be a whole number from 0 to 65535.',
      '  SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.',
      '  INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.',
      '  AUDIT_URL is missing.',
    ].join('\n'),
  );
});

test('no database and no queue are normal', () => {
  expect(
    readConfig({ ...serviceKeysOf('team-resources'), INTERNAL_KEY: internalKeyBase64, AUDIT_URL: 'http://localhost:4303' }),
  ).toEqual({
    host: '127.0.0.1',
    port: 0,
    metricsToken: null,
    logLevel: 'info',
    identity: identityOf('team-resources'),
    internalKey,
    databaseUrl: null,
    queueUrl: null,
    tracing: null,
    auditUrl: 'http://localhost:4303',
    authUrl: null,
    activityRetentionDays: 800,
  });
});

test('the rebuild of the copies of users wants the database, auth and its keys', () => {
  expect(() => readRebuildConfig({ AUTH_URL: 'auth:8080' })).toThrow(
    [
      'The configuration is not complete:',
      '  DATABASE_URL is missing.',
      '  AUTH_URL must be an address that begins with http:// or https://.',
      '  SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.',
    ].join('\n'),
  );
});
