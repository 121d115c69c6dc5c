import { createHash } from 'node:crypto';
import type { Script } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { noSuch, scriptUrl, type ByteReply, type Contract } from './contract-server.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const bodyOf = ({ bytes }: ByteReply) =>
  JSON.parse(bytes.toString('utf8')) as Script & { readonly code: string; readonly detail: string };

/** The contract suite of the texts of scripts, down and up, run on every store. */
export const scriptTextsContract = (the: () => Contract): void => {
  const newScript = async () => the().newScript((await the().newWorkspace()).id, 'one');
  const upload = (script: Script, bytes: Buffer, { mediaType = 'text/plain', query = '', ifMatch = 1 } = {}) =>
    the().sendBytes('PUT', `${scriptUrl(script)}/raw${query}`, { bytes, mediaType, ifMatch });
  const download = (script: Script) => the().sendBytes('GET', `${scriptUrl(script)}/raw`);

  describe('the text of a script', () => {
    test('comes back byte for byte as it was sent, as a file with the version', async () => {
      const script = await newScript();
      const bytes = Buffer.from('\uFEFF#!/bin/sh\r\necho "grüße 🦉 \u0001"\n\n ');
      const saved = await upload(script, bytes, { mediaType: 'text/plain; charset=UTF-8' });
      expect([saved.status, saved.headers['etag']]).toEqual([200, '"2"']);
      expect(bodyOf(saved)).toMatchObject({ id: script.id, version: 2, sha256: sha256(bytes), sizeBytes: bytes.length });
      const { status, headers, bytes: received } = await download(script);
      expect([status, received.equals(bytes)]).toEqual([200, true]);
      expect(headers).toMatchObject({
        etag: '"2"',
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename="backup.sh"',
        'x-content-type-options': 'nosniff',
      });
    });

    test('may be empty', async () => {
      const script = await newScript();
      expect((await upload(script, Buffer.alloc(0))).status).toBe(200);
      expect((await download(script)).bytes).toHaveLength(0);
    });

    test('is a file of a name that every system takes, whatever the script is called', async () => {
      const script = await newScript();
      for (const [ifMatch, [name, file]] of [
        ['../etc/pass wd"\\; x', '__x'],
        ['jobs/load.sql', 'load.sql'],
        ['ü/', 'script.txt'],
      ].entries()) {
        const named = await the().send('PATCH', scriptUrl(script), { body: { name }, ifMatch: ifMatch + 1 });
        expect(named.status).toBe(200);
        expect((await download(script)).headers['content-disposition']).toBe(`attachment; filename="${file}"`);
      }
    });

    test('is refused with the offset of the first byte that is not UTF-8, and with U+0000', async () => {
      const script = await newScript();
      const broken = Buffer.concat([Buffer.from('grüße '), Buffer.from([0xff, 0x41])]);
      const refused = await upload(script, broken);
      expect([refused.status, bodyOf(refused).detail]).toEqual([400, 'The body is not UTF-8: see the byte at offset 8.']);
      expect((await upload(script, Buffer.from('a\0b'))).status).toBe(400);
      expect((await download(script)).bytes.toString()).toBe('one');
    });

    test.each([
      ['latin1', Buffer.from([0x67, 0xfc, 0x80, 0xa4]), 'gü\u0080¤'],
      ['windows-1252', Buffer.from([0x67, 0xfc, 0x80]), 'gü€'],
      ['iso-8859-15', Buffer.from([0x67, 0xfc, 0xa4]), 'gü€'],
    ])('in %s is converted on request, and the history keeps the digest of what was sent', async (encoding, bytes, text) => {
      const script = await newScript();
      const saved = await upload(script, bytes, { query: `?encoding=${encoding}` });
      expect([saved.status, bodyOf(saved).content]).toEqual([200, text]);
      const version = (await the().send('GET', `${scriptUrl(script)}/versions/2`)).body;
      const note = `Converted from ${encoding}; the SHA-256 of what was sent is ${sha256(bytes)}.`;
      expect(version).toMatchObject({ note, sha256: sha256(Buffer.from(text)) });
    });

    test('is refused in a charset that is not the encoding, and in an encoding that is not known', async () => {
      const script = await newScript();
      const bytes = Buffer.from('two');
      for (const [mediaType, query, status] of [
        ['text/plain; charset=iso-8859-1', '', 415],
        ['text/plain; charset=utf-8', '?encoding=latin1', 415],
        ['text/html', '', 415],
        ['application/octet-stream', '', 415],
        ['text/plain', '?encoding=utf-7', 400],
        ['text/plain', '?encoding=toString', 400],
      ] as const)
        expect([mediaType, query, (await upload(script, bytes, { mediaType, query })).status]).toEqual([
          mediaType,
          query,
          status,
        ]);
      const fits = { mediaType: 'text/plain; charset="ISO-8859-1"', query: '?encoding=latin1' };
      expect((await upload(script, bytes, fits)).status).toBe(200);
    });

    test('is not taken as text where a body is JSON', async () => {
      const script = await newScript();
      const reply = await the().sendText('PATCH', scriptUrl(script), 'two', { 'content-type': 'text/plain', 'if-match': '"1"' });
      expect(reply.status).toBe(415);
    });

    test('is sent as JSON with a note, too', async () => {
      const script = await newScript();
      const bytes = Buffer.from(JSON.stringify({ content: 'two', note: 'why' }));
      expect((await upload(script, bytes, { mediaType: 'application/json' })).status).toBe(200);
      expect((await the().send('GET', `${scriptUrl(script)}/versions/2`)).body).toMatchObject({ content: 'two', note: 'why' });
    });

    test('is saved over the version that was read alone, and is not found of a deleted script', async () => {
      const script = await newScript();
      expect((await upload(script, Buffer.from('two'), { ifMatch: 2 })).status).toBe(412);
      const unconditional = await the().sendText('PATCH', scriptUrl(script), '{"content":"x"}');
      expect(unconditional.status).toBe(428);
      await the().send('DELETE', scriptUrl(script), { ifMatch: 1 });
      expect(await the().send('GET', `${scriptUrl(script)}/raw`)).toEqual(noSuch('script'));
      expect((await upload(script, Buffer.from('two'), { ifMatch: 2 })).status).toBe(404);
    });
  });
};
