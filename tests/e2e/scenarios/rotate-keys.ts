import { resolve } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { runNode } from '@guildhall/testkit/run-node';
import { expect, test } from 'vitest';
import type { TestStack } from '../../support/test-stack.ts';
import { must, signUp } from '../../support/users.ts';

const command = resolve(import.meta.dirname, '../../../tools/dev/rotate-keys.ts');

interface Jwks {
  readonly keys: readonly { readonly kid: string }[];
}

/** Runs `make rotate-keys` on a running stack. */
export const testRotateKeys = (stackOf: () => TestStack): void => {
  const kids = async () =>
    ((await must(stackOf().http, 200, 'GET', '/v1/.well-known/jwks.json')) as unknown as Jwks).keys.map(({ kid }) => kid);
  const run = async (argument: string): Promise<string> => {
    const { status, stdout, stderr } = await runNode([command, argument], { DATA_FOLDER: stackOf().dataFolder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };

  test('make rotate-keys publishes the next key', async () => {
    const [first] = await kids();
    const next = /stored and published: (\S+)\n/.exec(await run(''))?.[1];
    await waitFor(async () => (await kids()).length === 2, { what: 'the next key to be published' });
    expect(new Set(await kids())).toEqual(new Set([first, next]));
  });

  test('make rotate-keys NOW=1 ends the access tokens of all keys before; a refresh goes on', async () => {
    const { http, stack } = stackOf();
    const { token, refreshToken } = await signUp(http, stack.mailFolder, 'Rosa');
    const last = /The signing key is (\S+) from now on/.exec(await run('now'))?.[1];
    await waitFor(async () => (await http.send('GET', '/v1/auth/me', { token })).status === 401, {
      what: 'the access tokens of before to be refused',
    });
    expect(await kids()).toEqual([last]);
    const pair = await must(http, 200, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    await must(http, 200, 'GET', '/v1/auth/me', { token: String(pair['accessToken']) });
  });
};
