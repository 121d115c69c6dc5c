import { serviceNames, type SystemMigrations, type SystemServices } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

/** Tests what an operator on this machine reads of the processes of a stack. */
export const testSystem = (stackOf: () => TestStack): void => {
  test('each service tells its state, its queues and its connections, and auth its keys', async () => {
    const body = await must(stackOf().http, 200, 'GET', '/v1/system/services');
    const { services, signingKeys, unread } = body as unknown as SystemServices;
    expect(unread).toEqual([]);
    expect(services.map(({ service, status, replicas }) => [service, status, replicas])).toEqual(
      serviceNames.map((service) => [service, 'ready', 1]),
    );
    expect(services.map(({ queues }) => queues?.map(({ name }) => name))).toEqual([
      ['outbox', 'inbox', 'mails'],
      ['outbox', 'inbox'],
      ['inbox'],
    ]);
    expect(signingKeys?.map(({ status }) => status)).toContain('current');
    expect(JSON.stringify(body)).not.toMatch(/private|postgres:|redis:/i);
  });

  test('every migration of every schema is applied, with its time and the same files', async () => {
    const { schemas } = (await must(stackOf().http, 200, 'GET', '/v1/system/migrations')) as unknown as SystemMigrations;
    expect(schemas.map(({ service, pending, fault }) => [service, pending, fault])).toEqual(
      ['solo', ...serviceNames].map((service) => [service, 0, null]),
    );
    const states = schemas.flatMap(({ items }) => items.map(({ checksum }) => checksum));
    expect([states.length > 100, new Set(states)]).toEqual([true, new Set(['same'])]);
  });
};
