import { resolve } from 'node:path';
import { runNode } from '@guildhall/testkit/run-node';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { foundTeam } from '../../support/team.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

const command = resolve(import.meta.dirname, '../../../tools/dev/rebuild-app-users.ts');

/** Runs `make rebuild-app-users` on a running stack. */
export const testRebuildAppUsers = (stackOf: () => TestStack): void => {
  test('make rebuild-app-users sets the copies of users right again, from auth, while all runs', async () => {
    const { http, stack, dataFolder } = stackOf();
    const { communityId, founder } = await foundTeam(http, stack.mailFolder, 'Nora');
    const members = () => must(http, 200, 'GET', `/v1/communities/${communityId}/members`, { token: founder.token });
    const before = await members();
    const client = new Client({ connectionString: stack.database.url() });
    await client.connect();
    await client.query(`UPDATE team.app_users SET display_name = 'forged', version = 9007199254740991`);
    await client.end();
    expect(await members()).not.toEqual(before);
    expect(await runNode([command], { DATA_FOLDER: dataFolder })).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^\d+ users compared, [1-9]\d* copies changed: done\n$/) as string,
    });
    expect(await members()).toEqual(before);
  });
};
