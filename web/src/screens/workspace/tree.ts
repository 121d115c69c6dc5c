interface Named {
  readonly name: string;
}

/** A folder of a tree that the names of items make, parted by slashes. */
export interface TreeFolder<Item extends Named> {
  /** The last part of its path. */
  readonly name: string;
  readonly path: string;
  readonly folders: readonly TreeFolder<Item>[];
  /** Its own items, those of folders in it left out. */
  readonly items: readonly Item[];
}

/** The parts of a name that name folders. A slash at its beginning or end, and two in a row, part nothing. */
const foldersOf = (name: string): readonly string[] =>
  name
    .split('/')
    .slice(0, -1)
    .filter((part) => part !== '');

/** The tree of items by their names, each folder and item in the order in which the first of it came. */
export const treeOf = <Item extends Named>(items: readonly Item[], path: readonly string[] = []): TreeFolder<Item> => {
  const own = items.filter(({ name }) => foldersOf(name).length <= path.length);
  const below = items.filter(({ name }) => foldersOf(name).length > path.length);
  const byFolder = Map.groupBy(below, ({ name }) => foldersOf(name)[path.length] ?? '');
  return {
    name: path.at(-1) ?? '',
    path: path.join('/'),
    folders: [...byFolder].map(([folder, inside]) => treeOf(inside, [...path, folder])),
    items: own,
  };
};
