import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catchMails } from '../src/catch-mails.ts';

/** Says the lines of a client, each once the server has answered the one before (RFC 5321). Returns the last answer. */
const say = async (port: number, lines: readonly string[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = String((await once(socket, 'data'))[0]);
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    answer = String((await once(socket, 'data'))[0]);
  }
  socket.destroy();
  return answer;
};

const fileFor = (to: string): string =>
  `From: Guildhall <guildhall@localhost>\nTo: ${to}\nSubject: Your code\n\nGrüße, your code is 12345678.`;

test('a mail becomes a file for each receiver, with its text as it was written', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-mails-'));
  const catcher = await catchMails({ folder, port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    await catcher.close();
    rmSync(folder, { recursive: true });
  });
  const mail = [
    'From: Guildhall <guildhall@localhost>',
    'To: ada@example.test',
    'Subject: Your code',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=C3=BC=C3=9Fe, your code is=',
    ' 12345678.',
    '.',
  ].join('\r\n');
  const envelope = [
    'EHLO here',
    'MAIL FROM:<guildhall@localhost>',
    'RCPT TO:<ada@example.test>',
    'RCPT TO:<ben@example.test>',
    'DATA',
  ];
  expect(await say(catcher.port, [...envelope, mail])).toMatch(/^250 /);
  const texts = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  expect(texts.map((each) => each.trimEnd()).toSorted()).toEqual(['ada@example.test', 'ben@example.test'].map(fileFor));

  const tooLong = `Subject: Long\r\n\r\n${'x'.repeat(1_048_577)}\r\n.`;
  expect(await say(catcher.port, [...envelope, tooLong])).toMatch(/^552 /);
  expect(readdirSync(folder).length).toBe(2);
});
