import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog, readSettings } from '../src/index.ts';

describe('settings', () => {
  it('are read with their fallbacks, an empty one counting as none', () => {
    const settings = readSettings({ HOST: '', URL: 'http://a', PORT: '8080', EMPTY: '' });
    expect({
      host: settings.text('HOST', '127.0.0.1'),
      url: settings.text('URL'),
      port: settings.integer('PORT', 0, { min: 0, max: 65_535 }),
      cost: settings.integer('COST', 12, { min: 4, max: 31 }),
      queue: settings.optional('EMPTY'),
    }).toEqual({ host: '127.0.0.1', url: 'http://a', port: 8080, cost: 12, queue: null });
    expect(() => settings.finish()).not.toThrow();
  });

  it('that still hold the placeholder of an example are refused, also within an address', () => {
    const settings = readSettings({
      METRICS_TOKEN: 'replace-me',
      PUBLIC_URL: 'Replace: where clients reach it',
      SMTP_URL: 'smtp://mailer:replace-me@mail.example.test',
      QUEUE_URL: 'redis://replace%2Dme@valkey',
      NAME: 'replacement',
    });
    settings.optional('METRICS_TOKEN');
    settings.optional('METRICS_TOKEN');
    settings.text('PUBLIC_URL');
    settings.address('SMTP_URL', ['smtp']);
    settings.address('QUEUE_URL', ['redis']);
    expect(settings.text('NAME')).toBe('replacement');
    expect(() => settings.finish()).toThrow(
      new Error(
        [
          'The configuration is not complete:',
          'METRICS_TOKEN is still the placeholder of an example: put a value of your own in its place.',
          'PUBLIC_URL is still the placeholder of an example: put a value of your own in its place.',
          'SMTP_URL still has the placeholder of an example as its user or password: put your own in its place.',
          'QUEUE_URL still has the placeholder of an example as its user or password: put your own in its place.',
        ].join('\n  '),
      ),
    );
  });

  it('that are secrets are taken from a file, whose placeholder and absence are faults', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'guildhall-secret-')), 'secret');
    onTestFinished(() => rmSync(path.dirname(file), { recursive: true }));
    writeFileSync(file, 'postgres://auth:replace-me@database/guildhall\n');
    const settings = readSettings({ DATABASE_URL_FILE: file, QUEUE_URL_FILE: '/nowhere', HOST_FILE: file });
    expect(settings.address('DATABASE_URL', ['postgres'])).toBe('postgres://auth:replace-me@database/guildhall');
    expect(settings.address('QUEUE_URL', ['redis'])).toBeNull();
    expect(settings.text('HOST', '127.0.0.1')).toBe('127.0.0.1');
    expect(() => settings.finish()).toThrow(
      new Error(
        [
          'The configuration is not complete:',
          'DATABASE_URL still has the placeholder of an example as its user or password: put your own in its place.',
          'QUEUE_URL_FILE cannot be read (ENOENT).',
        ].join('\n  '),
      ),
    );
  });

  it('name everything that is missing or wrong at once', () => {
    const settings = readSettings({ PORT: '70000', COST: 'high', SIZE: '1.5', BLANK: ' ' });
    settings.text('AUTH_URL');
    settings.integer('PORT', 0, { min: 0, max: 65_535 });
    settings.integer('COST', 12, { min: 4, max: 31 });
    settings.integer('SIZE', 1, { min: 1, max: 2 });
    settings.integer('BLANK', 1, { min: 0, max: 2 });
    settings.read(() => {
      throw new Error('INTERNAL_KEY or INTERNAL_KEY_FILE is missing.');
    }, null);
    expect(() => settings.finish()).toThrow(
      new Error(
        [
          'The configuration is not complete:',
          'AUTH_URL is missing.',
          'PORT must be a whole number from 0 to 65535.',
          'COST must be a whole number from 4 to 31.',
          'SIZE must be a whole number from 1 to 2.',
          'BLANK must be a whole number from 0 to 2.',
          'INTERNAL_KEY or INTERNAL_KEY_FILE is missing.',
        ].join('\n  '),
      ),
    );
  });
});

describe('the log', () => {
  it('holds no secret, wherever it stands', () => {
    const lines: string[] = [];
    const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
    const log = createLog({ service: 'auth', level: 'info' }, destination);
    const secret = 'hunter2';
    const secrets = {
      password: secret,
      refreshToken: secret,
      authorization: secret,
      cookie: secret,
      databaseUrl: secret,
      newPassword: secret,
    };
    log.info(secrets, 'at the top');
    log.info({ body: { ...secrets, code: secret } }, 'in a body');
    log.info(
      { req: { headers: { authorization: secret, 'x-guildhall-principal': secret, 'x-guildhall-service': secret } } },
      'in headers',
    );
    log.error({ err: Object.assign(new Error('refused'), secrets) }, 'in an error');
    log.error({ err: new Error('outer', { cause: Object.assign(new Error('inner'), secrets) }) }, 'in a cause');
    log.error({ err: new Error('could not reach postgres://owner:hunter2@db.example/guildhall') }, 'in a URL');
    log.info({ code: 'NOT_FOUND' }, 'a code that is no secret');
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toHaveLength(7);
    expect(lines.at(-1)).toContain('"code":"NOT_FOUND"');
  });
});
