import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compareSync, hashSync } from 'bcryptjs';
import { expect, test } from 'vitest';

const worker = new URL('../../src/clients/bcrypt-worker.ts', import.meta.url).href;
const password = '密码 a long sentence';

/** A platform that the package in C has no build for: importing it fails, as it does there. */
const withoutBuild = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === 'bcrypt') throw new Error('No native build was found.');
      return next(specifier, context);
    },
  });`)}`;
const asked = `
  import { compare, engine, hash } from ${JSON.stringify(worker)};
  const [known, password] = process.argv.slice(1);
  console.log(JSON.stringify({ engine: engine(), isKnown: compare({ password, hash: known }), made: hash({ password, cost: 4 }) }));`;

test('where the implementation in C has no build, the one in JavaScript hashes, and takes what was hashed in C', async () => {
  const { default: native } = await import('bcrypt');
  const args = ['--import', withoutBuild, '--input-type=module', '-e', asked, '--', native.hashSync(password, 4), password];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { made, ...said } = JSON.parse(stdout) as { readonly made: string };
  expect(said).toEqual({ engine: 'javascript', isKnown: true });
  expect([native.compareSync(password, made), native.compareSync(`${password}s`, made)]).toEqual([true, false]);
  expect(compareSync(password, hashSync(password, 4))).toBe(true);
});
