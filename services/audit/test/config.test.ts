import { expect, test } from 'vitest';
import { internalKey, internalKeyBase64 } from '@guildhall/testkit';
import { readConfig } from '../src/config.ts';

test('only the keys are needed', () => {
  expect(readConfig({ INTERNAL_KEY: internalKeyBase64, ENCRYPTION_KEY: internalKeyBase64 })).toEqual({
    host: '127.0.0.1',
    port: 0,
    logLevel: 'info',
    internalKey,
    encryptionKey: internalKey,
    logOrigin: null,
    databaseUrl: null,
    queueUrl: null,
    authUrl: null,
    teamResourcesUrl: null,
    forward: null,
  });
});

test('reads every variable', () => {
  expect(
    readConfig({
      HOST: '0.0.0.0',
      PORT: '4103',
      LOG_LEVEL: 'warn',
      INTERNAL_KEY: internalKeyBase64,
      ENCRYPTION_KEY: internalKeyBase64,
      LOG_ORIGIN: 'audit.example.org/log',
      DATABASE_URL: 'postgres://localhost/guildhall',
      QUEUE_URL: 'redis://localhost',
      AUTH_URL: 'http://localhost:4101',
      TEAM_RESOURCES_URL: 'https://team.example.org',
      FORWARD_URL: 'https://receiver.example.org/audit',
      FORWARD_SECRET: internalKeyBase64,
      FORWARD_NAME: 'archive',
    }),
  ).toEqual({
    host: '0.0.0.0',
    port: 4103,
    logLevel: 'warn',
    internalKey,
    encryptionKey: internalKey,
    logOrigin: 'audit.example.org/log',
    databaseUrl: 'postgres://localhost/guildhall',
    queueUrl: 'redis://localhost',
    authUrl: 'http://localhost:4101',
    teamResourcesUrl: 'https://team.example.org',
    forward: { url: 'https://receiver.example.org/audit', secret: internalKey, name: 'archive' },
  });
});

test('names everything that is missing or wrong at once', () => {
  expect(() =>
    readConfig({ PORT: '70000', LOG_ORIGIN: 'two words', AUTH_URL: 'localhost:4101', TEAM_RESOURCES_URL: 'team' }),
  ).toThrow(
    [
      'The configuration is not complete:',
      '  PORT must be a whole number from 0 to 65535.',
      '  INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.',
      '  ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is missing: 32 random bytes in base64.',
      '  LOG_ORIGIN must be 1 to 200 characters without white space and plus signs.',
      '  AUTH_URL must be an address that begins with http:// or https://.',
      '  TEAM_RESOURCES_URL must be an address that begins with http:// or https://.',
    ].join('\n'),
  );
});

test('forwarding needs an address without a password, a secret and a plain name', () => {
  const settings = {
    INTERNAL_KEY: internalKeyBase64,
    FORWARD_URL: 'https://user:secret@receiver.example.org',
    FORWARD_NAME: 'A b',
  };
  expect(() => readConfig(settings)).toThrow(
    [
      '  FORWARD_URL must not hold a user, a password or a fragment.',
      '  FORWARD_SECRET or FORWARD_SECRET_FILE is missing: 32 random bytes in base64.',
      '  FORWARD_NAME must be 1 to 60 of a to z, 0 to 9 and -.',
    ].join('\n'),
  );
});
