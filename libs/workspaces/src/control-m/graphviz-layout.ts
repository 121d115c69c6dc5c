import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { dotOf, layoutOf, readPlain } from '@guildhall/control-m';
import type { LayOut } from './graph-answers.ts';

/** The largest graph that Graphviz lays out: it takes about a second then, and the time grows faster than the graph. */
const graphvizNodesMax = 1_000;
const graphvizEdgesMax = 2_000;

/**
 * Loads Graphviz, which is WebAssembly, and returns a layout by its `dot`: for readers, edges run around boxes and seldom cross. A graph
 * beyond its bounds, and one in which nothing waits, has the plain layers of `layoutOf`.
 */
export const loadGraphvizLayout = async (): Promise<LayOut> => {
  const graphviz = await Graphviz.load();
  return (graph) => {
    const { nodes, edges } = graph;
    if (edges.length === 0 || nodes.length > graphvizNodesMax || edges.length > graphvizEdgesMax) return layoutOf(graph);
    return readPlain(graph, graphviz.layout(dotOf(graph), 'plain', 'dot')) ?? layoutOf(graph);
  };
};
