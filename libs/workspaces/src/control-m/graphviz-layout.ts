import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { dotOf, layoutOf, readPlain } from '@guildhall/control-m';
import { fitsGraphviz, type LayOut } from './graph-answers.ts';

/**
 * Loads Graphviz, which is WebAssembly, and returns a layout by its `dot`: for readers, edges run around boxes and seldom cross. A graph
 * beyond its bounds, and one in which nothing waits, has the plain layers of `layoutOf`.
 */
export const loadGraphvizLayout = async (): Promise<LayOut> => {
  const graphviz = await Graphviz.load();
  return (graph) => {
    if (!fitsGraphviz(graph)) return layoutOf(graph);
    return readPlain(graph, graphviz.layout(dotOf(graph), 'plain', 'dot')) ?? layoutOf(graph);
  };
};
