import { scriptContentCharactersMax, type Workspace } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import { foldersUrl, folderUrl, scriptUrl, type Contract } from './contract-server.ts';

/** Status, code and the faulty fields of an answer, each once. */
const outcomeOf = ({ status, text }: { readonly status: number; readonly text: string }): readonly unknown[] => {
  if (status < 400) return [status];
  const { code, errors } = JSON.parse(text) as { code: string; errors?: readonly { path: string }[] };
  return [status, code, errors && [...new Set(errors.map(({ path }) => path))]];
};

const fault = (path: string) => [400, 'INVALID', [path]];
const gem = '\u{1f48e}';
const escaped = String.raw`\ud83d\udc8e`;

const names = [
  ['the longest', 'n'.repeat(200), true],
  ['one character too long', 'n'.repeat(201), false],
  ['the longest, of surrogate pairs', gem.repeat(200), true],
  ['one surrogate pair too long', gem.repeat(201), false],
  ['the longest, of three bytes each', '\u4e00'.repeat(200), true],
  ['empty', '', false],
  ['blank', ' ', false],
  ['a line and another', 'a\nb', false],
] as const;

/** The forms of a text in JSON: as it is, and every character that is no ASCII escaped. */
const formsOf = (text: string): readonly string[] => [
  JSON.stringify(text),
  JSON.stringify(text).replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
];

/** The list of scripts of a new workspace. */
const newScriptList = async (contract: Contract): Promise<string> =>
  `/v1/workspaces/${(await contract.newWorkspace()).id}/scripts`;

/** The contract suite of every limit and form that clients meet: the solo and the shared store answer alike. */
export const limitsContract = (the: () => Contract): void => {
  describe('the limits', () => {
    test.each(names)('a name that is %s', async (_what, name, isTaken) => {
      const [scriptsUrl, folders] = [await newScriptList(the()), foldersUrl((await the().newWorkspace()).id)];
      for (const [form, text] of formsOf(name).entries()) {
        const answers = [
          await the().sendText('POST', the().home, `{"name":${text}}`),
          await the().sendText('POST', scriptsUrl, `{"name":${text},"language":"shell","content":""}`),
          // The name of a folder is one live folder's.
          await the().sendText('POST', folders, `{"name":${text},"definition":{"Type":"Folder"}}`),
        ];
        const [other, folder] = isTaken
          ? [[201], form === 0 ? [201] : [409, 'CONFLICT', undefined]]
          : [fault('/name'), fault('/name')];
        expect(answers.map(outcomeOf)).toEqual([other, other, folder]);
      }
    });

    test.each([
      ['characters of one byte', 'x', 'x'],
      ['characters of three bytes', '\u4e00', '\u4e00'],
      ['surrogate pairs', gem, gem],
      ['surrogate pairs, each half escaped', gem, escaped],
    ])('a script is as long as it may be in %s, and no longer', async (_what, character, written) => {
      const url = await newScriptList(the());
      const bodyOf = (count: number) => `{"name":"long","language":"shell","content":"${written.repeat(count)}"}`;
      const taken = await the().sendText('POST', url, bodyOf(scriptContentCharactersMax));
      expect(outcomeOf(taken)).toEqual([201]);
      expect((JSON.parse(taken.text) as { content: string }).content).toBe(character.repeat(scriptContentCharactersMax));
      expect(outcomeOf(await the().sendText('POST', url, bodyOf(scriptContentCharactersMax + 1)))).toEqual(fault('/content'));
    });

    test('a body that is longer than any content is too large', async () => {
      const body = `{"name":"x","language":"shell","content":"${' '.repeat(scriptContentCharactersMax * 12 + 65_536)}"}`;
      expect(outcomeOf(await the().sendText('POST', await newScriptList(the()), body))).toEqual([413, 'TOO_LARGE', undefined]);
    });
  });

  describe('the forms', () => {
    test('an id in capitals is the same id, in a path', async () => {
      const workspace = await the().newWorkspace();
      const [script, folder] = [await the().newScript(workspace.id), await the().newFolder(workspace.id)];
      for (const url of [`/v1/workspaces/${workspace.id}`, scriptUrl(script), folderUrl(folder)]) {
        const capital = url.replaceAll(/[0-9a-f-]{36}/g, (id) => id.toUpperCase());
        expect((await the().send('GET', capital)).body).toEqual((await the().send('GET', url)).body);
      }
      const list = `/v1/workspaces/${workspace.id}/scripts`;
      expect((await the().send('GET', list.replace(workspace.id, workspace.id.toUpperCase()))).body).toEqual(
        (await the().send('GET', list)).body,
      );
    });

    test('a change and a deletion by ids in capitals are those of the same rows', async () => {
      const workspace = await the().newWorkspace();
      const script = await the().newScript(workspace.id);
      const capital = scriptUrl(script).replaceAll(/[0-9a-f-]{36}/g, (id) => id.toUpperCase());
      expect((await the().send('PATCH', capital, { body: { name: 'renamed' }, ifMatch: 1 })).status).toBe(200);
      expect((await the().send('DELETE', capital, { ifMatch: 2 })).status).toBe(204);
      const url = `/v1/workspaces/${workspace.id.toUpperCase()}`;
      expect((await the().send('DELETE', url, { ifMatch: 1 })).status).toBe(204);
      expect((await the().send('POST', `${url}/restore`)).status).toBe(200);
    });

    test.each([
      ['{"name":null,"language":"shell","content":""}', '/name'],
      ['{"name":"x","language":null,"content":""}', '/language'],
      ['{"name":"x","language":"shell","content":null}', '/content'],
      ['{"name":"x","language":"SQL","content":""}', '/language'],
      [`{"name":"x","language":"${'s'.repeat(41)}","content":""}`, '/language'],
      ['{"name":"x","language":"shell","content":"a\\u0000b"}', '/content'],
      ['{"name":"x","language":"shell","content":"","colour":"red"}', '/colour'],
      ['{"name":"x","language":"shell"}', '/content'],
      ['[]', ''],
      ['null', ''],
      ['', ''],
    ])('a script of the body %s is refused', async (body, path) => {
      expect(outcomeOf(await the().sendText('POST', await newScriptList(the()), body))).toEqual(fault(path));
    });

    test.each([
      ['{}', ''],
      ['{"name":null}', '/name'],
      ['{"mode":"shared"}', '/mode'],
    ])('a workspace is not changed by the body %s', async (body, path) => {
      const { id } = await the().newWorkspace();
      const answer = await the().sendText('PATCH', `/v1/workspaces/${id}`, body, { 'if-match': '"1"' });
      expect(outcomeOf(answer)).toEqual(fault(path));
    });

    test.each([
      [{}, [428, 'VERSION_REQUIRED', undefined]],
      [{ 'if-match': '1' }, [400, 'INVALID', undefined]],
      [{ 'if-match': '"0"' }, [412, 'VERSION_MISMATCH', undefined]],
      [{ 'if-match': '"2"' }, [412, 'VERSION_MISMATCH', undefined]],
      [{ 'if-match': '"9007199254740993"' }, [412, 'VERSION_MISMATCH', undefined]],
      // Weakened, or marked with its coding, by a proxy that compresses; of another version it is another one's all the same.
      [{ 'if-match': 'W/"1"' }, [200]],
      [{ 'if-match': '"1-gzip"' }, [200]],
      [{ 'if-match': 'W/"2"' }, [412, 'VERSION_MISMATCH', undefined]],
      [{ 'if-match': '"1-rot13"' }, [412, 'VERSION_MISMATCH', undefined]],
      [{ 'if-match': '"7", "1"' }, [200]],
      [{ 'if-match': '*' }, [200]],
    ])('a change with the version %j', async (headers, expected) => {
      const { id } = await the().newWorkspace();
      const answer = await the().sendText('PATCH', `/v1/workspaces/${id}`, '{"name":"Changed"}', headers);
      expect(outcomeOf(answer)).toEqual(expected);
    });

    test.each([
      ['k'.repeat(128), [201]],
      ['k'.repeat(129), [400, 'INVALID', undefined]],
      ['', [400, 'INVALID', undefined]],
      ['two words', [400, 'INVALID', undefined]],
    ])('an Idempotency-Key %j', async (key, expected) => {
      const answer = await the().sendText('POST', await newScriptList(the()), '{"name":"x","language":"shell","content":""}', {
        'idempotency-key': key,
      });
      expect(outcomeOf(answer)).toEqual(expected);
    });

    test.each([
      ['limit=0', '/limit'],
      ['limit=101', '/limit'],
      ['limit=1e1', '/limit'],
      ['cursor=', '/cursor'],
      ['cursor=nothing', '/cursor'],
      [`cursor=${'c'.repeat(2049)}`, '/cursor'],
      ['colour=red', '/colour'],
    ])('a list with ?%s is refused', async (query, path) => {
      const url = await newScriptList(the());
      for (const list of [url, url.replace(/scripts$/, 'control-m/folders')])
        expect(outcomeOf(await the().sendText('GET', `${list}?${query}`))).toEqual(fault(path));
    });

    test('a list of one kind takes no cursor of another, or of another workspace', async () => {
      const { id } = (await the().newWorkspace()) satisfies Workspace;
      for (const content of ['1', '2']) await the().newScript(id, content);
      const { nextCursor } = (await the().send('GET', `/v1/workspaces/${id}/scripts?limit=1`)).body as { nextCursor: string };
      for (const list of [foldersUrl(id), await newScriptList(the())])
        expect(outcomeOf(await the().sendText('GET', `${list}?cursor=${nextCursor}`))).toEqual(fault('/cursor'));
    });
  });
};
