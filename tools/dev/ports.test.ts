import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { choosePort, readPort } from './ports.ts';

test('the wanted port is taken when it is free, and another with a note when it is not', async () => {
  const { port } = await choosePort('gateway', 0);
  expect(await choosePort('gateway', port)).toEqual({ port, note: null });

  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const choice = await choosePort('gateway', port);
  expect(choice.note).toBe(`port ${port} (gateway) is taken, using ${choice.port}`);
  expect(choice.port).not.toBe(port);
  other.close();
  await once(other, 'close');
});

test('free ports are given out once', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, async () => (await choosePort('any', 0)).port));
  expect(new Set(ports).size).toBe(20);
});

test('a variable that holds no port is named', () => {
  expect(readPort({ GATEWAY_PORT: '5000' }, 'GATEWAY_PORT', 4300)).toBe(5000);
  expect(readPort({ GATEWAY_PORT: '' }, 'GATEWAY_PORT', 4300)).toBe(4300);
  expect(readPort({}, 'GATEWAY_PORT', 4300)).toBe(4300);
  for (const wrong of ['abc', '-1', '65536', '80.5'])
    expect(() => readPort({ GATEWAY_PORT: wrong }, 'GATEWAY_PORT', 4300)).toThrow('GATEWAY_PORT must be a port from 0 to 65535.');
});
