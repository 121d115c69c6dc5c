import { expect, test } from 'vitest';
import { readSettings } from '../src/index.ts';
import { unknownSettings } from '../src/unknown-settings.ts';

test.each([
  ['DATABSE_URL', 'DATABASE_URL'],
  ['QUEUE_URI', 'QUEUE_URL'],
  ['SERVICE_KEYS', 'SERVICE_KEY'],
  ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
  ['WITNESS_DIRECTORY', 'WITNESS_FOLDER'],
  ['BCRYPT_ROUNDS', 'BCRYPT_COST'],
])('%s is no setting, and %s is named in its place', (name, nearest) => {
  const sentence = `${name} is no setting: did you mean ${nearest}?`;
  expect(unknownSettings([name, 'PATH'])).toEqual([sentence]);
  expect(() => readSettings({ [name]: 'a secret value' }).finish()).toThrow(`The configuration is not complete:\n  ${sentence}`);
});

test('settings of other processes of the installation, of the machine and of Kubernetes are left alone', () => {
  const others = [
    'FORWARD_SECRET',
    'ENCRYPTION_KEY_FILE',
    'DATA_FOLDER',
    'HOSTNAME',
    'HOME',
    'PATH',
    'LANG',
    'NODE_ENV',
    'TZ',
    'PWD',
  ];
  const machine = [
    'DATABASE_NAME',
    'LOGNAME',
    'SSH_AUTH_SOCK',
    'MAIL',
    'PORTS',
    'http_proxy',
    'NODE_COMPILE_CACHE',
    'INVOCATION_ID',
  ];
  const kubernetes = ['MAIL_SERVICE_HOST', 'AUDIT_PORT', 'AUTH_PORT_4301_TCP_ADDR', 'SMTP_SERVICE_PORT_SMTP'];
  expect(unknownSettings([...others, ...machine, ...kubernetes])).toEqual([]);
});
