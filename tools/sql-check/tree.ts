/** A node of PostgreSQL's syntax tree as JSON: fields, some of them nodes or lists of nodes. */
export type TreeNode = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is TreeNode => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Calls `visit` for every node below `value` with the name under which it stands: its type, or the field that holds it. */
export const walk = (value: unknown, visit: (name: string, node: TreeNode) => void, name = ''): void => {
  if (Array.isArray(value)) for (const item of value) walk(item, visit, name);
  if (!isNode(value)) return;
  visit(name, value);
  for (const [key, child] of Object.entries(value)) walk(child, visit, key);
};

/** Every node below `tree` under one of the names. */
export const nodesNamed = (tree: unknown, ...names: readonly string[]): TreeNode[] => {
  const found: TreeNode[] = [];
  walk(tree, (name, node) => {
    // A list of typed nodes repeats the field's name one level above the type's.
    if (names.includes(name) && !(Object.keys(node).length === 1 && isNode(node[name]))) found.push(node);
  });
  return found;
};

/** The texts of a list of String nodes: the parts of a qualified name, the columns of a key. */
export const textsOf = (list: unknown): string[] =>
  (Array.isArray(list) ? list : []).flatMap((item: unknown) => {
    const text = isNode(item) && isNode(item['String']) ? item['String']['sval'] : undefined;
    return typeof text === 'string' ? [text] : [];
  });

/** The list's nodes of one type. */
export const itemsOf = (list: unknown, type: string): TreeNode[] =>
  (Array.isArray(list) ? list : []).flatMap((item: unknown) => (isNode(item) && isNode(item[type]) ? [item[type]] : []));

export interface TableName {
  readonly schema: string | undefined;
  readonly table: string;
}

export const tableNameOf = (node: unknown): TableName | undefined => {
  if (!isNode(node) || typeof node['relname'] !== 'string') return undefined;
  return { schema: typeof node['schemaname'] === 'string' ? node['schemaname'] : undefined, table: node['relname'] };
};

/** The names of the functions that are called, without their schema. */
export const functionsIn = (tree: unknown): string[] =>
  nodesNamed(tree, 'FuncCall').map(({ funcname }) => textsOf(funcname).at(-1) ?? '');

/** The types that are named, as PostgreSQL understood them: `int` is `pg_catalog.int4`, `int8` stays `int8`. */
export const typesIn = (tree: unknown): string[] =>
  nodesNamed(tree, 'TypeName', 'typeName').map(({ names }) => textsOf(names).join('.'));
