import { expect, test } from 'vitest';
import { inviteMail, plainName } from '../../src/core/invite-mails.ts';

test.each([
  ['Night shift', 'Night shift'],
  ['J. R. Ada', 'J. R. Ada'],
  ['Win at http://evil.example/now', 'Win at http evil example now'],
  ['www.evil.example', 'www evil example'],
  ['evil。example', 'evil example'],
  ['mail me@evil.example', 'mail me evil example'],
  ['two\r\nlines\u2028and \u202emore\u0000', 'two lines and more'],
  ['x'.repeat(300), 'x'.repeat(100)],
])('the name %j stands in a mail to a stranger as %j', (name, expected) => {
  expect(plainName(name)).toBe(expected);
});

test('the mail has no name in its subject, and exactly one link', () => {
  const mail = inviteMail(
    { publicUrl: 'https://guild.example/', inviteTokenOf: (id) => `token-of-${id}` },
    {
      inviteId: 'i1',
      email: 'ben@example.org',
      role: 'viewer',
      communityName: 'https://evil.example',
      inviterName: ' ',
      expiresAt: '2026-02-07T08:30:00.000Z',
    },
  );
  expect(mail).toEqual({
    to: 'ben@example.org',
    subject: 'You are invited to a community at Guildhall',
    text: [
      'A member invites you to the community “https evil example” with the role viewer.',
      '',
      'Until 2026-02-07 08:30 UTC you can look at the invite, and accept or decline it, at',
      'https://guild.example/#/invites/token-of-i1',
      '',
      'It is for this address alone: sign in or register with it. If you do not know who invites you, there is nothing for you to do.',
      '',
    ].join('\n'),
  });
});
