import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkServers, checkSettings, refuseUnknownSettings } from './settings.ts';

const serviceUrls = {
  gateway: 'http://127.0.0.1:1',
  auth: 'http://127.0.0.1:2',
  'team-resources': 'http://127.0.0.1:3',
  audit: 'http://127.0.0.1:4',
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (env: Readonly<Record<string, string>>, queueUrl?: string): void =>
  checkSettings({
    dataFolder: folder,
    serviceUrls,
    logFolder: join(folder, 'logs'),
    mailFolder: join(folder, 'mails'),
    setupTokenFile: join(folder, 'setup-token'),
    env,
    queueUrl,
  });

test('settings that fit are taken', () => {
  expect(() => check({})).not.toThrow();
  expect(() => check({ LOG_LEVEL: 'debug', SMTP_URL: 'smtps://mail.example:465' }, 'rediss://queue.example/0')).not.toThrow();
});

test.each([
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
  ['BCRYPT_COST', '99', 'BCRYPT_COST must be a whole number from 4 to 15.'],
  ['SMTP_URL', 'mail.example', 'SMTP_URL must be an address that begins with smtp:// or smtps://.'],
  ['SIGN_INS_PER_MINUTE_MAX', '1e3', 'SIGN_INS_PER_MINUTE_MAX must be a whole number from 1 to 100000000.'],
  ['AUDIT_URL', 'audit:4303', 'AUDIT_URL must be an address that begins with http:// or https://.'],
  ['PUBLIC_URL', 'team.example.org', 'PUBLIC_URL must be an address that begins with http:// or https://.'],
  ['CORS_ORIGINS', 'https://a.example/,https://b.example', 'CORS_ORIGINS must hold origins such as https://example.org'],
  ['CORS_ORIGINS', 'https://A.example', 'separated by commas: https://A.example is none.'],
  ['CORS_ORIGINS', '*', 'separated by commas: * is none.'],
  ['QUEUE_URL', 'amqp://x', 'QUEUE_URL must be an address that begins with redis:// or rediss:// or postgres://'],
])('%s=%s is refused by its name', (name, value, words) => {
  expect(() => check({ [name]: value })).toThrow(words);
});

test('make up and make solo refuse a slip in a name, which no service would see', () => {
  expect(() => refuseUnknownSettings({ DATABSE_URL: 'postgres://a', PATH: '/bin' })).toThrow(
    'DATABSE_URL is no setting: did you mean DATABASE_URL?',
  );
});

test.each([
  ['mysql://root@127.0.0.1/x', undefined, 'DATABASE_URL cannot be used (SCHEME_UNSUPPORTED). Give an address of the form'],
  ['foo', undefined, 'DATABASE_URL cannot be used (SCHEME_UNSUPPORTED).'],
  ['postgres://a:b@127.0.0.1:9/x', undefined, 'DATABASE_URL cannot be used (UNREACHABLE). The server does not answer there.'],
  ['postgres://a:b@127.0.0.1:9/x', 'redis://127.0.0.1:9', 'QUEUE_URL cannot be used (QUEUE_UNREACHABLE).'],
])('%s with the queue %s is refused in the words of the installation', async (databaseUrl, queueUrl, words) => {
  await expect(checkServers(databaseUrl, queueUrl)).rejects.toThrow(words);
});
