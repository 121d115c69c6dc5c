import { successorsOf } from './cycles.ts';
import { isWaiting, type Graph, type GraphNode } from './dependencies.ts';
import { topologicalOrder } from './neighbourhood.ts';

export interface PlacedNode extends GraphNode {
  /** The left upper corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
  /**
   * The curve of each edge of the graph, in their order: x and y of a beginning, and of three points for each cubic Bézier curve behind
   * it. Empty for an edge without one. Absent where edges are to be drawn from box to box.
   */
  readonly curves?: readonly (readonly number[])[];
}

export const nodeWidth = 180;
export const nodeHeight = 36;
const columnGap = 80;
const rowGap = 14;
const margin = 20;
/** The passes over the columns; more hardly remove further crossings. */
const sweeps = 4;

/** The column of each node: behind everything that it waits for. Within a cycle only what stands before it counts. */
const columnsOf = (graph: Graph): ReadonlyMap<string, number> => {
  const successors = successorsOf(graph.edges.filter(isWaiting));
  const columns = new Map<string, number>();
  for (const path of topologicalOrder(graph)) {
    const own = columns.get(path) ?? 0;
    columns.set(path, own);
    for (const next of successors.get(path) ?? []) columns.set(next, Math.max(columns.get(next) ?? 0, own + 1));
  }
  return columns;
};

const groupByColumn = ({ nodes }: Graph, columns: ReadonlyMap<string, number>): GraphNode[][] => {
  const groups: GraphNode[][] = [];
  for (const node of nodes) (groups[columns.get(node.path) ?? 0] ??= []).push(node);
  return Array.from(groups, (group: GraphNode[] | undefined) => group ?? []);
};

const orderOf = (groups: readonly (readonly GraphNode[])[]): Map<string, number> =>
  new Map(groups.flatMap((group) => group.map(({ path }, row) => [path, row] as const)));

/** The mean row of a node's neighbours; its own row where it has none. */
const barycentre = (path: string, neighbours: readonly string[], rows: ReadonlyMap<string, number>): number =>
  neighbours.length === 0
    ? (rows.get(path) ?? 0)
    : neighbours.reduce((sum, neighbour) => sum + (rows.get(neighbour) ?? 0), 0) / neighbours.length;

const sorted = (
  group: readonly GraphNode[],
  neighbours: ReadonlyMap<string, readonly string[]>,
  rows: ReadonlyMap<string, number>,
) =>
  group
    .map((node) => ({ node, at: barycentre(node.path, neighbours.get(node.path) ?? [], rows) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ node }) => node);

/**
 * A layered layout: a column for each step of waiting, and in each column the order by the mean of the neighbours (the barycentre
 * method of Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11(2), 1981). Linear in nodes and edges but for sorting.
 */
export const layoutOf = (graph: Graph): Layout => {
  const groups = groupByColumn(graph, columnsOf(graph));
  const waiting = graph.edges.filter(isWaiting);
  const [after, before] = [successorsOf(waiting), successorsOf(waiting.map(({ from, to }) => ({ from: to, to: from })))];
  const rows = orderOf(groups);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const [column, group] of groups.entries()) {
      const ordered = sorted(group, sweep % 2 === 0 ? before : after, rows);
      groups[column] = ordered;
      for (const [row, { path }] of ordered.entries()) rows.set(path, row);
    }
  }
  const nodes = groups.flatMap((group, column) =>
    group.map((node, row) => ({
      ...node,
      x: margin + column * (nodeWidth + columnGap),
      y: margin + row * (nodeHeight + rowGap),
    })),
  );
  const tallest = Math.max(0, ...groups.map(({ length }) => length));
  return {
    nodes,
    width: 2 * margin + Math.max(0, groups.length * (nodeWidth + columnGap) - columnGap),
    height: 2 * margin + Math.max(0, tallest * (nodeHeight + rowGap) - rowGap),
  };
};
