import { expect, test } from 'vitest';
import { treeOf } from '../src/screens/workspace/tree.ts';

const shapeOf = ({ folders, items }: ReturnType<typeof treeOf>): unknown => ({
  ...Object.fromEntries(folders.map((folder) => [folder.path, shapeOf(folder)])),
  items: items.map(({ name }) => name),
});

test('names with slashes make folders, however deep; a slash at an end, and two in a row, make none', () => {
  const names = ['etl/daily/load.sh', 'etl/load.sh', 'load.sh', '/root.sh', 'etl//odd.sh', 'empty/'];
  expect(shapeOf(treeOf(names.map((name) => ({ name }))))).toEqual({
    etl: { 'etl/daily': { items: ['etl/daily/load.sh'] }, items: ['etl/load.sh', 'etl//odd.sh'] },
    empty: { items: ['empty/'] },
    items: ['load.sh', '/root.sh'],
  });
});
