import { randomUUID } from 'node:crypto';
import { definitionBytesMax, definitionNestingMax, jobsPerFolderMax } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { foldersUrl, type Contract } from './contract-server.ts';

/** Written as no program would write it again: keys that are numbers, numbers beyond a double, spaces, escapes, other scripts. */
const asWritten = `{ "Type" : "Folder",
  "10": {"Type":"Job:Command", "Command":"echo \\u0041\\/ grüße 🦉", "RunAs":"batch"},
  "2":  {"Type":"Job", "Priority": 1.50, "Big": 12345678901234567890, "Tiny": 1E-400, "Zero": -0.0, "None": null},
  "Sub": {"Type":"SubFolder", "Inner": {"Type":"Job:Script"}, "Flow": {"Type":"Flow", "Sequence":["10", "2"]}},
  "Comment": "}],\\"definition\\": {" ,"Empty":{}, "Jobs": "Job"
}`;

const bodyOf = (definition: string, name = 'NIGHT'): string => `{"name":"${name}","definition":${definition}}`;
const filled = (from: number): string => {
  const [head, tail] = ['{"Type":"Folder","Description":"', '"}'];
  return `${head}${'é'.repeat((from - head.length - tail.length) / 2)}${tail}`;
};
/** A definition of exactly so many levels. */
const nested = (levels: number): string => `{"Type":"Folder","Deep":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const withJobs = (count: number): string =>
  JSON.stringify(
    Object.fromEntries([['Type', 'Folder'], ...Array.from({ length: count }, (_, n) => [`J${n}`, { Type: 'Job' }])]),
  );

const create = async (the: Contract, text: string) => the.sendText('POST', foldersUrl((await the.newWorkspace()).id), text);

const refusal = async (the: Contract, text: string): Promise<unknown> => {
  const answer = await create(the, text);
  const { code, errors } = JSON.parse(answer.text) as { code: string; errors?: unknown };
  return [answer.status, code, errors];
};

/** The contract suite of folder definitions, run on every store: nothing of a definition is lost. */
export const folderDefinitionsContract = (the: () => Contract): void => {
  describe('the definition of a Control-M folder', () => {
    test('comes back character by character: from a create, its repetition, a read and an update', async () => {
      const { id } = await the().newWorkspace();
      const key = { 'idempotency-key': randomUUID() };
      const made = await the().sendText('POST', foldersUrl(id), bodyOf(asWritten), key);
      expect([made.status, made.text.endsWith(`,"definition":${asWritten}}`)]).toEqual([201, true]);
      expect(await the().sendText('POST', foldersUrl(id), bodyOf(asWritten), key)).toEqual(made);
      const folder = JSON.parse(made.text) as { id: string; jobCount: number; definition: unknown };
      expect([folder.jobCount, folder.definition]).toEqual([3, JSON.parse(asWritten)]);
      const url = `${foldersUrl(id)}/${folder.id}`;
      const again = asWritten.replace('1.50', '1.5');
      const saved = await the().sendText('PATCH', url, `{"definition" :\t${again}\n}`, { 'if-match': '"1"' });
      expect([saved.status, saved.text.endsWith(`,"definition":${again}}`)]).toEqual([200, true]);
      expect(await the().sendText('GET', url)).toEqual(saved);
    });

    test('is another request under the same Idempotency-Key when it is written another way', async () => {
      const { id } = await the().newWorkspace();
      const key = { 'idempotency-key': randomUUID() };
      const first = await the().sendText('POST', foldersUrl(id), bodyOf('{"Type":"Folder","P":1.0}'), key);
      const other = await the().sendText('POST', foldersUrl(id), bodyOf('{"Type":"Folder","P":1}'), key);
      expect([first.status, other.status]).toEqual([201, 422]);
    });

    test.each([
      ['no object', '[]', 'must be object'],
      ['no Type', '{}', "must have required property 'Type'"],
      ['another Type', '{"Type":"Job"}', 'must be one of "Folder", "SimpleFolder"'],
      ['a prototype', '{"Type":"Folder","A":{"prototype":{}}}', 'must have no member named prototype'],
      ['a constructor', '{"Type":"Folder","A":[{"c\\u006fnstructor":1}]}', 'must have no member named constructor'],
      ['a name twice', '{"Type":"Folder","A":1,"A":2}', 'names a member twice in one object: A'],
      ['too many levels', nested(definitionNestingMax + 1), 'must not be nested deeper than 40'],
      ['levels without end', nested(400_000), 'must not be nested deeper than 40'],
      ['too many jobs', withJobs(jobsPerFolderMax + 1), 'must not hold more than 5000 jobs'],
    ])('is refused with %s', async (_what, definition, message) => {
      expect(await refusal(the(), bodyOf(definition))).toEqual([
        400,
        'INVALID',
        [{ path: expect.stringMatching(/^\/definition(\/Type)?$/), message }],
      ]);
    });

    test('is refused with a name that sets a prototype, with text that is no JSON, and where it is missing', async () => {
      expect(await refusal(the(), bodyOf('{"Type":"Folder","__proto__":{"a":1}}'))).toEqual([400, 'INVALID', undefined]);
      expect(await refusal(the(), bodyOf('{"Type":"Folder"'))).toEqual([400, 'INVALID', undefined]);
      const missing = [{ path: '/definition', message: "must have required property 'definition'" }];
      expect(await refusal(the(), '{"name":"x"}')).toEqual([400, 'INVALID', missing]);
      expect(await refusal(the(), '[]')).toEqual([400, 'INVALID', [{ path: '', message: 'must be object' }]]);
    });

    test('is as long, as deep and as full as it may be, and no longer', async () => {
      const max = definitionBytesMax;
      expect((await create(the(), bodyOf(filled(max)))).status).toBe(201);
      expect(await refusal(the(), bodyOf(`${filled(max).slice(0, -1)} }`))).toEqual([413, 'TOO_LARGE', undefined]);
      expect(await refusal(the(), bodyOf(filled(max * 2)))).toEqual([413, 'TOO_LARGE', undefined]);
      expect((await create(the(), bodyOf(nested(definitionNestingMax)))).status).toBe(201);
      const full = await create(the(), bodyOf(withJobs(jobsPerFolderMax)));
      expect((JSON.parse(full.text) as { jobCount: number }).jobCount).toBe(jobsPerFolderMax);
    });
  });
};
