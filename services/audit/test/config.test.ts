import { expect, test } from 'vitest';
import { identityOf, internalKey, internalKeyBase64, serviceKeysOf } from '@guildhall/testkit';
import { readConfig } from '../src/config.ts';

test('only the keys are needed', () => {
  expect(readConfig({ ...serviceKeysOf('audit'), ENCRYPTION_KEY: internalKeyBase64 })).toEqual({
    host: '127.0.0.1',
    port: 0,
    metricsToken: null,
    logLevel: 'info',
    identity: identityOf('audit'),
    encryptionKey: internalKey,
    logOrigin: null,
    witnesses: [],
    databaseUrl: null,
    queueUrl: null,
    tracing: null,
    authUrl: null,
    teamResourcesUrl: null,
    keepDaysMin: 30,
    checkLeavesPerSecond: 2_000,
    checkEverySeconds: 600,
    forward: null,
  });
});

test('reads every variable', () => {
  expect(
    readConfig({
      HOST: '0.0.0.0',
      PORT: '4103',
      LOG_LEVEL: 'warn',
      METRICS_TOKEN: 'of-the-scraper',
      ...serviceKeysOf('audit'),
      ENCRYPTION_KEY: internalKeyBase64,
      LOG_ORIGIN: 'audit.example.org/log',
      WITNESSES: 'http://gateway:4300/witness, https://witness.example.org/ w+1a2b3c4d+BAAA',
      DATABASE_URL: 'postgres://localhost/guildhall',
      QUEUE_URL: 'redis://localhost',
      AUTH_URL: 'http://localhost:4101',
      TEAM_RESOURCES_URL: 'https://team.example.org',
      AUDIT_KEEP_DAYS_MIN: '90',
      AUDIT_CHECK_LEAVES_PER_SECOND: '500',
      AUDIT_CHECK_EVERY_SECONDS: '3600',
      FORWARD_URL: 'https://receiver.example.org/audit',
      FORWARD_SECRET: internalKeyBase64,
      FORWARD_NAME: 'archive',
    }),
  ).toEqual({
    host: '0.0.0.0',
    port: 4103,
    metricsToken: 'of-the-scraper',
    logLevel: 'warn',
    identity: identityOf('audit'),
    encryptionKey: internalKey,
    logOrigin: 'audit.example.org/log',
    witnesses: [
      { url: 'http://gateway:4300/witness', key: null },
      { url: 'https://witness.example.org', key: 'w+1a2b3c4d+BAAA' },
    ],
    databaseUrl: 'postgres://localhost/guildhall',
    queueUrl: 'redis://localhost',
    tracing: null,
    authUrl: 'http://localhost:4101',
    teamResourcesUrl: 'https://team.example.org',
    keepDaysMin: 90,
    checkLeavesPerSecond: 500,
    checkEverySeconds: 3_600,
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
      '  SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.',
      '  ENCRYPTION_KEY or ENCRYPTION_KEY_FILE is missing: 32 random bytes in base64.',
      '  LOG_ORIGIN must be 1 to 200 characters without white space and plus signs.',
      '  AUTH_URL must be an address that begins with http:// or https://.',
      '  TEAM_RESOURCES_URL must be an address that begins with http:// or https://.',
    ].join('\n'),
  );
});

test('forwarding needs an address without a password, a secret and a plain name', () => {
  const settings = {
    ...serviceKeysOf('audit'),
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

const forwardTo = (url: string) => () =>
  readConfig({
    ...serviceKeysOf('audit'),
    ENCRYPTION_KEY: internalKeyBase64,
    FORWARD_SECRET: internalKeyBase64,
    FORWARD_URL: url,
  });

test('the trail is forwarded over TLS, or within this machine', () => {
  for (const url of [
    'http://receiver.example.org/audit',
    'http://10.0.0.1',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
  ])
    expect(forwardTo(url)).toThrow('FORWARD_URL must begin with https://');
  for (const url of [
    'https://receiver.example.org',
    'http://127.0.0.1:9',
    'http://[::1]:9',
    'http://localhost:9',
    'http://2130706433/',
  ])
    expect(forwardTo(url)().forward?.url).toBe(url);
});
