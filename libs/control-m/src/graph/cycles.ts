/** The nodes behind each node. */
export type Successors = ReadonlyMap<string, readonly string[]>;

/** The successors of every node that has some. */
export const successorsOf = (edges: readonly { readonly from: string; readonly to: string }[]): Successors => {
  const found = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const behind = found.get(from);
    if (behind === undefined) found.set(from, [to]);
    else behind.push(to);
  }
  return found;
};

interface Visit {
  readonly node: string;
  next: number;
}

/**
 * The strongly connected components of a graph that are cycles: of two nodes or more, or of one that is its own successor. Tarjan's
 * algorithm (SIAM J. Comput. 1(2), 1972), without recursion. Each cycle has its nodes in order.
 */
export const cyclesOf = (successors: Successors): readonly (readonly string[])[] => {
  const [index, low, onStack]: [Map<string, number>, Map<string, number>, Set<string>] = [new Map(), new Map(), new Set()];
  const stack: string[] = [];
  const cycles: (readonly string[])[] = [];

  const enter = (node: string): Visit => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, next: 0 };
  };
  const lower = (node: string, to: number): void => void low.set(node, Math.min(low.get(node) ?? to, to));
  const leave = (node: string): void => {
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.lastIndexOf(node));
    for (const member of component) onStack.delete(member);
    const isLoop = component.length > 1 || (successors.get(node)?.includes(node) ?? false);
    if (isLoop) cycles.push(component.toSorted());
  };

  for (const start of successors.keys()) {
    if (index.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const next = successors.get(visit.node)?.[visit.next];
      visit.next += 1;
      if (next === undefined) {
        leave(visit.node);
        visits.pop();
        const above = visits.at(-1);
        if (above !== undefined) lower(above.node, low.get(visit.node) ?? 0);
      } else if (!index.has(next)) visits.push(enter(next));
      else if (onStack.has(next)) lower(visit.node, index.get(next) ?? 0);
    }
  }
  return cycles;
};
