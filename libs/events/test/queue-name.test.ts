import { expect, test } from 'vitest';
import { queueName } from '../src/queue-name.ts';

test('events of different databases are in queues of different names, and those of an environment in the plain ones', () => {
  expect(queueName('audit', 'redis://queue:6379/2')).toBe('guildhall-audit');
  expect(queueName('audit', 'redis://queue:6379/2#0123456789abcdef')).toBe('guildhall-audit-0123456789abcdef');
  expect(queueName('audit', 'redis://queue:6379/2#anything else')).toBe('guildhall-audit');
});
