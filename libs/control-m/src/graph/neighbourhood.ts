import { successorsOf } from './cycles.ts';
import { isWaiting, type Graph, type GraphEdge } from './dependencies.ts';

export type Direction = 'upstream' | 'downstream' | 'both';

/** Adds what lies within `depth` steps of a node to `found`: breadth first. */
const reach = (found: Set<string>, edges: readonly GraphEdge[], start: string, depth: number): void => {
  const successors = successorsOf(edges);
  const seen = new Set([start]);
  let frontier: readonly string[] = [start];
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    frontier = frontier.flatMap((node) => successors.get(node) ?? []).filter((node) => !seen.has(node) && seen.add(node));
  }
  for (const node of seen) found.add(node);
};

const turned = ({ from, to, kind, by }: GraphEdge): GraphEdge => ({ from: to, to: from, kind, by });

/** The part of a graph around a node: what waits for it (downstream), and what it waits for (upstream), up to so many steps. */
export const neighbourhoodOf = ({ nodes, edges }: Graph, path: string, depth: number, direction: Direction): Graph => {
  const found = new Set<string>();
  if (direction !== 'upstream') reach(found, edges, path, depth);
  if (direction !== 'downstream') reach(found, edges.map(turned), path, depth);
  return {
    nodes: nodes.filter((node) => found.has(node.path)),
    edges: edges.filter(({ from, to }) => found.has(from) && found.has(to)),
  };
};

/** Nodes in an order in which everything comes after what it waits for; nodes of cycles, and what waits for them, are left out. */
export const topologicalOrder = ({ nodes, edges }: Graph): readonly string[] => {
  const waiting = edges.filter(isWaiting);
  const successors = successorsOf(waiting);
  const open = new Map(nodes.map(({ path }) => [path, 0]));
  for (const { to } of waiting) open.set(to, (open.get(to) ?? 0) + 1);
  const order = nodes.map(({ path }) => path).filter((path) => open.get(path) === 0);
  // The list grows while it is walked.
  for (const path of order) {
    for (const next of successors.get(path) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
};

/** The longest chain of things that wait for each other: nobody is done before it is. Without cycles. */
export const criticalPathOf = (graph: Graph): readonly string[] => {
  const successors = successorsOf(graph.edges.filter(isWaiting));
  const longest = new Map<string, { readonly length: number; readonly before: string | undefined }>();
  let last: string | undefined;
  for (const path of topologicalOrder(graph)) {
    const own = longest.get(path) ?? { length: 1, before: undefined };
    longest.set(path, own);
    if (last === undefined || own.length > (longest.get(last)?.length ?? 0)) last = path;
    for (const next of successors.get(path) ?? []) {
      if ((longest.get(next)?.length ?? 0) <= own.length) longest.set(next, { length: own.length + 1, before: path });
    }
  }
  const chain: string[] = [];
  for (let at = last; at !== undefined; at = longest.get(at)?.before) chain.push(at);
  return chain.length > 1 ? chain.toReversed() : [];
};

/** Jobs, and the folders that something waits for or that wait themselves: what a drawing shows. */
export const drawnGraph = ({ nodes, edges }: Graph): Graph => {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ kind, path }) => kind === 'job' || linked.has(path)), edges };
};
