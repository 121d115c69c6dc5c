import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { concurrentSuites } from './concurrent-suites.ts';
import { prepareStatements, readSentStatements } from './prepare-statements.ts';

const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), 'guildhall-sent-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

test('statements are read from a whole run, each once, without those of the tests of libs and those about transactions', () => {
  const file = path.join(folder(), 'sent.json');
  const sent = [
    { owner: 'services/auth', text: 'SELECT 1' },
    { owner: 'tests/contract', text: 'SELECT 1' },
    { owner: 'services/audit', text: 'SAVEPOINT before_change' },
    { owner: 'libs/db', text: 'SELECT label FROM shop.goods' },
  ];
  writeFileSync(file, JSON.stringify(sent));
  expect(readSentStatements(file)).toEqual(['SELECT 1']);
});

test('without a whole run there is nothing to prepare, which is no success', () => {
  expect(() => readSentStatements(path.join(folder(), 'sent.json'))).toThrow('run make test first');
});

test('a server understands what is there, and says what it does not know', async () => {
  const planted = 'SELECT word_of_tomorrow(email) FROM auth.users WHERE id = $1';
  const texts = ['SELECT email FROM auth.users WHERE id = $1', planted, 'SELECT colour FROM team.scripts'];
  const { understood, faults } = await prepareStatements(texts);
  expect({ understood, faults }).toEqual({
    understood: 1,
    faults: [
      `function word_of_tomorrow(text) does not exist\n    ${planted}`,
      'column "colour" does not exist\n    SELECT colour FROM team.scripts',
    ],
  });
});

test('the contracts that race are among those that run at SERIALIZABLE, and those of one request after the other are not', () => {
  const files = concurrentSuites();
  expect(files).toEqual(
    expect.arrayContaining([
      'services/auth/test/contract/refresh.test.ts',
      'services/team-resources/test/contract/invites.test.ts',
      'services/audit/test/contract/sequencing.test.ts',
      'services/audit/test/contract/queue.test.ts',
    ]),
  );
  expect(files.filter((file) => file.includes('.faults.') || file.includes('not-configured'))).toEqual([]);
});
