/**
 * The strongly connected components of a graph, each behind those that it has edges to (Tarjan, "Depth-first search and linear graph
 * algorithms", 1972). Nodes come in their order where nothing else decides.
 */
export const stronglyConnected = <Node>(
  nodes: readonly Node[],
  successorsOf: (node: Node) => readonly Node[],
): readonly (readonly Node[])[] => {
  const indexes = new Map<Node, number>();
  const stack: Node[] = [];
  const onStack = new Set<Node>();
  const components: Node[][] = [];
  const visit = (node: Node): number => {
    const index = indexes.size;
    indexes.set(node, index);
    stack.push(node);
    onStack.add(node);
    let lowLink = index;
    for (const successor of successorsOf(node)) {
      const known = indexes.get(successor);
      if (known === undefined) lowLink = Math.min(lowLink, visit(successor));
      else if (onStack.has(successor)) lowLink = Math.min(lowLink, known);
    }
    if (lowLink === index) {
      const component = stack.splice(stack.lastIndexOf(node));
      for (const member of component) onStack.delete(member);
      components.push(component);
    }
    return lowLink;
  };
  for (const node of nodes) if (!indexes.has(node)) visit(node);
  return components;
};
