import { describe, expect, test } from 'vitest';
import { noSuch, type Contract } from './contract-server.ts';

const text = '// Test.\n{"NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Dummy", "Host": "test-a"}}}\n';
const other = '{"DAY": {"Type": "Folder"}}';

/** The contract suite of deploy descriptors, run on every store. */
export const transformsContract = (the: () => Contract): void => {
  const prepare = async () => {
    const { id } = await the().newWorkspace();
    const url = `/v1/workspaces/${id}/control-m`;
    const documents = [
      { name: 'night.json', text },
      { name: 'day.json', text: other },
    ];
    await the().send('POST', `${url}/import`, { body: { documents } });
    const transform = async (rules: readonly object[] | string, more: object = {}) => {
      const descriptor = typeof rules === 'string' ? rules : JSON.stringify({ DeployDescriptor: rules });
      return await the().send('POST', `${url}/transform`, { body: { descriptor, ...more } });
    };
    return { url, documents, transform };
  };
  const toProduction = { Property: 'Host', Replace: [{ 'test-(.*)': 'prod-$1' }] };

  describe('a deploy descriptor', () => {
    test('gives the texts and what differs, names the rules that matched nothing, and saves nothing', async () => {
      const { url, documents, transform } = await prepare();
      const { status, body } = await transform([toProduction, { Property: 'RunAs', Assign: 'x' }]);
      const line = text.split('\n')[1] ?? '';
      expect([status, body]).toEqual([
        200,
        {
          documents: [
            {
              name: 'night.json',
              text: text.replace('test-a', 'prod-a'),
              diff: {
                isMinimal: true,
                hunks: [
                  {
                    fromLine: 1,
                    fromLines: 2,
                    toLine: 1,
                    toLines: 2,
                    lines: [
                      { kind: 'same', text: '// Test.' },
                      { kind: 'removed', text: line },
                      { kind: 'added', text: line.replace('test-a', 'prod-a') },
                    ],
                  },
                ],
              },
            },
          ],
          unchanged: 1,
          rules: [
            { number: 1, changedProperties: ['Host'], matches: 1 },
            { number: 2, changedProperties: ['RunAs'], matches: 0 },
          ],
          unmatchedRules: [2],
          findings: [],
        },
      ]);
      const exported = (await the().send('GET', `${url}/export`)).body as { readonly documents: readonly object[] };
      expect(exported.documents).toEqual(documents.toReversed());
    });

    test('is applied to the named documents alone', async () => {
      const { transform } = await prepare();
      expect((await transform([toProduction], { names: ['day.json'] })).body).toMatchObject({
        documents: [],
        unchanged: 1,
        unmatchedRules: [1],
      });
      expect(await transform([toProduction], { names: ['day.json', 'none.json'] })).toEqual(noSuch('document'));
    });

    test('is refused with the line and column of its fault', async () => {
      const { transform } = await prepare();
      const { status, body } = await transform('{"DeployDescriptor": [\n  {"Property": "Host"}]}');
      const errors = [{ path: '/descriptor', message: 'line 2, column 3: Rule 1 must have one of Assign and Replace.' }];
      expect([status, body]).toEqual([400, expect.objectContaining({ code: 'INVALID', errors })]);
    });
  });
};
